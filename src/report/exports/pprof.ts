// Report, exports: gzipped protobuf for `pprof`, Grafana, Datadog and others. Two values a category: its amount and its time.
// Format: github.com/google/pprof, proto/profile.proto.

import { gzipSync } from "node:zlib";
import { Profile as Pprof, StringTable } from "pprof-format";
import type { Profile } from "../../model/profile.ts";
import type { WeightedStacks } from "../../model/weightedStacks.ts";
import { CATEGORIES, type Category } from "../../protocol/categories.ts";
import type { Location } from "../../protocol/report.ts";

const AMOUNT: Readonly<Record<Category, readonly [type: string, unit: string]>> = {
  copies: ["copies", "bytes"],
  switches: ["handoffs", "count"],
  allocations: ["allocations", "bytes"],
  locks: ["lock_waits", "count"],
};
/** Processor time, and the time that was waited: never one type for both. */
const TIME: Readonly<Record<Category, string>> = {
  copies: "copies_time",
  switches: "handoffs_time",
  allocations: "allocations_time",
  locks: "lock_wait_time",
};
/** Of locks the amount is the time. */
const TYPES = CATEGORIES.flatMap((category) =>
  category === "locks"
    ? [[TIME.locks, "microseconds"] as const]
    : [AMOUNT[category], [TIME[category], "microseconds"] as const],
);

export function toPprof({ stacks, requests, durationMicros }: WeightedStacks, profile: Profile): Uint8Array {
  const table = new StringTable();
  const tables = new Tables(table);
  const samples = stacks.map(({ category, frames, callee, amount, micros }) => {
    const leaf: Location = { file: "", line: 0, column: 0, function: callee };
    return {
      locationId: [leaf, ...frames].map((location) => tables.location(location)),
      value: TYPES.map(([type]) => {
        if (type === TIME[category]) return Math.round((category === "locks" ? amount : micros) ?? 0);
        return type === AMOUNT[category][0] ? Math.round(amount) : 0;
      }),
    };
  });
  const valueType = (type: string, unit: string) => ({ type: table.dedup(type), unit: table.dedup(unit) });
  const encoded = new Pprof({
    sampleType: TYPES.map(([type, unit]) => valueType(type, unit)),
    sample: samples,
    location: tables.locations,
    function: tables.functions,
    stringTable: table,
    timeNanos: BigInt(Math.round(profile.measureFromMicros)) * 1_000n,
    durationNanos: BigInt(Math.round(durationMicros)) * 1_000n,
    comment: [
      table.dedup(
        `Darcy ${profile.darcy}: ${Math.round(requests)} requests; divide by them for a request's.`,
      ),
    ],
    defaultSampleType: table.dedup(TIME.copies),
  }).encode();
  return gzipSync(encoded);
}

/** Ids count from 1. */
class Tables {
  readonly locations: { id: number; line: { functionId: number; line: number; column: number }[] }[] = [];
  readonly functions: { id: number; name: number; systemName: number; filename: number }[] = [];
  readonly #locationIds = new Map<string, number>();
  readonly #functionIds = new Map<string, number>();
  constructor(private readonly strings: StringTable) {}

  location({ file, line, column, function: name }: Location): number {
    const key = `${line}:${column}:${name}\n${file}`;
    const known = this.#locationIds.get(key);
    if (known !== undefined) return known;
    const id = this.locations.length + 1;
    this.locations.push({ id, line: [{ functionId: this.#function(name, file), line, column }] });
    this.#locationIds.set(key, id);
    return id;
  }

  #function(name: string, file: string): number {
    const key = `${name}\n${file}`;
    const known = this.#functionIds.get(key);
    if (known !== undefined) return known;
    const id = this.functions.length + 1;
    const text = this.strings.dedup(name);
    this.functions.push({ id, name: text, systemName: text, filename: this.strings.dedup(file) });
    this.#functionIds.set(key, id);
    return id;
  }
}
