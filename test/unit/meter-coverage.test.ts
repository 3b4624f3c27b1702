// Unit tests: the ± that a hotspot shows holds the truth 19 times of 20, through the runtime's own meter and the model, for
// loads that are hard on a sampler: heavy-tailed sizes, values that are sized only where they are sampled, waits, lines
// that come and go.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import type { Kind } from "../../src/protocol/categories.ts";
import type { StackTable } from "../../src/runtime/sampling/stackTable.ts";
import { KnownProfile } from "./knownProfile.ts";

/** Of the meter, so that a window of some hundred events seems as long as one of a server. Set before it is loaded. */
const clock = { millis: 0 };
performance.now = () => clock.millis;
const loaded = import("../../src/runtime/sampling/meter.ts");
type Meter = Awaited<typeof loaded>["Meter"];

type Random = () => number;
/** Mulberry32: seeded, in [0, 1). */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Line {
  readonly amount: (random: Random) => number;
  /** Events in a window, in one block or spread among the others'. */
  readonly events: (window: number) => number;
}
interface Scene {
  readonly name: string;
  readonly kind: Kind;
  readonly lines: readonly Line[];
  readonly windows: number;
  /** Stacks a window. */
  readonly budget: number;
  /** In the same order in each window, one line's events after the other's. */
  readonly ordered?: boolean;
  /** What a stack takes: dear ones are few. 0 by default. */
  readonly stackMicros?: number;
  /** Least coverage, 0.92 by default. */
  readonly least?: number;
}

const fixed = (amount: number) => () => amount;
const even = (events: number) => () => events;
/** Pareto: a few make most of the bytes. */
const pareto = (least: number, exponent: number, most: number) => (random: Random) =>
  Math.round(Math.min(most, least * (1 - random()) ** (-1 / exponent)));
const logNormal = (median: number, sigma: number) => (random: Random) =>
  Math.round(
    median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
  );

const SCENES: readonly Scene[] = [
  {
    name: "heavy-tailed sizes",
    kind: "copy",
    lines: [
      { amount: pareto(100, 1.2, 1e8), events: even(400) },
      { amount: pareto(1_000, 1.5, 1e8), events: even(100) },
      { amount: fixed(20_000), events: even(30) },
    ],
    windows: 10,
    budget: 50,
  },
  {
    name: "lines that take turns",
    kind: "copy",
    lines: [
      { amount: fixed(4_096), events: even(300) },
      { amount: fixed(4_096), events: even(300) },
      { amount: fixed(4_000), events: even(30) },
    ],
    windows: 10,
    budget: 40,
    ordered: true,
  },
  {
    name: "a rare line in a burst",
    kind: "copy",
    lines: [
      { amount: fixed(1_000), events: (window) => (window === 6 ? 0 : 40) },
      { amount: fixed(1_000), events: (window) => (window === 6 ? 600 : 0) },
    ],
    windows: 16,
    budget: 50,
  },
  {
    name: "a line goes quiet, another begins",
    kind: "encode",
    lines: [
      { amount: fixed(600), events: (window) => (window < 6 ? 50 : 0) },
      { amount: fixed(700), events: (window) => (window < 6 ? 0 : 900) },
      { amount: fixed(800), events: even(10) },
    ],
    windows: 12,
    budget: 40,
  },
  {
    name: "cloned values of one size each",
    kind: "clone",
    lines: [
      { amount: fixed(2_000), events: even(300) },
      { amount: fixed(5_000), events: even(100) },
    ],
    windows: 10,
    budget: 40,
  },
  {
    name: "cloned values of many sizes",
    kind: "clone",
    lines: [
      { amount: logNormal(1_000, 1), events: even(300) },
      { amount: logNormal(4_000, 1), events: even(100) },
    ],
    windows: 10,
    budget: 40,
  },
  {
    name: "waits of many lengths",
    kind: "wait",
    lines: [
      { amount: logNormal(3_000, 1), events: even(200) },
      { amount: logNormal(1_000, 0.5), events: even(200) },
    ],
    windows: 10,
    budget: 40,
  },
  {
    name: "waits, heavy-tailed",
    kind: "wait",
    lines: [
      { amount: pareto(500, 1.5, 1e6), events: even(200) },
      { amount: fixed(2_000), events: even(200) },
    ],
    windows: 10,
    budget: 40,
  },
  {
    name: "blocking calls after a fork, whose stacks are dear",
    kind: "blocked",
    lines: [
      { amount: logNormal(5_000, 0.15), events: even(20) },
      { amount: logNormal(6_500, 0.15), events: even(20) },
    ],
    windows: 16,
    budget: 25,
    ordered: true,
    stackMicros: 1_000,
  },
];

/** The one line that runs. */
class ScriptedStacks {
  line = 0;
  captureMicros = 0;
  constructor(private readonly each: number) {}
  capture(): number {
    this.captureMicros += this.each;
    return this.line;
  }
}

function record(
  Meter: Meter,
  scene: Scene,
  random: Random,
): { readonly profile: Profile; readonly truth: number[] } {
  const known = new KnownProfile();
  const stacks = new ScriptedStacks(scene.stackMicros ?? 0);
  for (const line of scene.lines.keys()) known.stack(`site.ts:${line + 1} site${line + 1}`);
  known.route("GET", "/");
  known.worker();
  const meter = new Meter(stacks as unknown as StackTable, scene.budget, 500);
  const operation = meter.operation(scene.kind, "known");
  known.operation(scene.kind, "known");
  const truth = scene.lines.map(() => 0);
  // The first is a warm-up, as recordings have one.
  for (let window = -1; window < scene.windows; window++) {
    const events = scene.lines.flatMap(({ events }, line) => new Array<number>(events(window)).fill(line));
    if (scene.ordered) interleave(events, scene.lines.length);
    else shuffle(events, random);
    for (const line of events) {
      clock.millis += 500 / events.length;
      const amount = scene.lines[line]?.amount(random) ?? 0;
      if (window >= 0) truth[line] = (truth[line] ?? 0) + amount;
      stacks.line = line + 1;
      if (scene.kind === "clone") meter.recordSized([operation], () => [amount], record);
      else if (scene.kind === "wait") meter.settle(operation, amount, meter.reserve(operation, record));
      else meter.record(operation, amount, record);
    }
    // Real time would lower the budget of stacks now and then.
    meter.sizingMicros = 0;
    const { cells, samples } = meter.drain();
    stacks.captureMicros = 0;
    if (window >= 0) known.window(0, window, { cells, samples, latencies: [1_000] });
  }
  return { profile: known.profile(), truth };
}

function shuffle(events: number[], random: Random): void {
  for (let at = events.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [events[at], events[other]] = [events[other] ?? 0, events[at] ?? 0];
  }
}

/** 0 1 2 0 1 2 … for as long as each has some. */
function interleave(events: number[], lines: number): void {
  const left = new Map<number, number>();
  for (const line of events) left.set(line, (left.get(line) ?? 0) + 1);
  for (let at = 0, line = 0; at < events.length; line = (line + 1) % lines) {
    const some = left.get(line) ?? 0;
    if (some === 0) continue;
    left.set(line, some - 1);
    events[at++] = line;
  }
}

const REPLICATES = 200;
for (const [at, scene] of SCENES.entries()) {
  test(`95 % intervals by the meter: ${scene.name}`, async (context) => {
    const { Meter } = await loaded;
    const random = seeded(20_270_000 + at);
    context.mock.method(Math, "random", random);
    const bias = scene.lines.map(() => 0);
    const told = scene.lines.map(() => 0);
    const held = scene.lines.map(() => 0);
    const width = scene.lines.map(() => 0);
    for (let i = 0; i < REPLICATES; i++) {
      const { profile, truth } = record(Meter, scene, random);
      const { hotspots } = toReport(profile);
      for (const [line, right] of truth.entries()) {
        const spot = hotspots.find((each) => each.file !== "" && each.line === line + 1);
        bias[line] = (bias[line] ?? 0) + ((spot?.amount ?? 0) / right - 1) / REPLICATES;
        if (spot === undefined || spot.relativeError === null) continue;
        told[line] = (told[line] ?? 0) + 1;
        width[line] = (width[line] ?? 0) + spot.relativeError / REPLICATES;
        if (Math.abs(spot.amount - right) <= spot.relativeError * spot.amount + 1e-9 * right)
          held[line] = (held[line] ?? 0) + 1;
      }
    }
    const coverage = held.map((count, line) => count / (told[line] ?? 1));
    const text = (of: readonly number[]) => of.map((value) => value.toFixed(3)).join(" ");
    context.diagnostic(
      `coverage ${text(coverage)} ± ${text(width)}, bias ${text(bias)}, told ${told.join(" ")}`,
    );
    for (const [line, share] of coverage.entries()) {
      assert.ok((told[line] ?? 0) > REPLICATES / 2, `line ${line}: too few intervals to judge`);
      assert.ok(share >= (scene.least ?? 0.92), `line ${line}: coverage ${share}`);
      assert.ok(Math.abs(bias[line] ?? 0) < 0.05, `line ${line}: bias ${bias[line]}`);
    }
  });
}
