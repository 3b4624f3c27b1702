// Calibration: nanoseconds a byte of each kind of copy. Every slot is short, and one in
// which garbage was collected does not count: collections are measured on their own.

import { getHeapStatistics, serialize } from "node:v8";
import type { Calibration } from "../../protocol/calibration.ts";
import { SlotClock } from "./slotClock.ts";
import { cost } from "./statistics.ts";

type CopyKind = keyof Calibration["copies"];

const COPY_SIZES = [64, 1_024, 16_384, 262_144, 4_194_304];
const TEXT_SIZES = [256, 4_096, 65_536];
/** Of one slot in one round. */
export const TRIES = 3;
/** A slot moves about as many bytes, or makes one call. */
const SLOT_BYTES = 1024 * 1024;
const TEXT_SLOT_BYTES = 128 * 1024;

export interface Slots {
  /** Runs every slot once. */
  round(): void;
}

interface Slot {
  readonly kind: CopyKind;
  readonly bytes: number;
  readonly calls: number;
  readonly call: () => unknown;
  readonly nanosPerByte: number[];
}

export class CopySlots implements Slots {
  /** Keeps results alive, so that no call can be optimised away. */
  sink: unknown = null;
  private readonly clock = new SlotClock();
  private readonly slots: Slot[] = [...COPY_SIZES.map(copySlot), ...TEXT_SIZES.flatMap(textSlots)];

  round(): void {
    for (const slot of this.slots) {
      for (let tries = 0; tries < TRIES; tries++) if (this.measure(slot)) break;
    }
  }

  /** False when garbage was collected meanwhile; right after that it seldom is again. */
  private measure(slot: Slot): boolean {
    const heap = getHeapStatistics();
    this.clock.start();
    for (let i = 0; i < slot.calls; i++) this.sink = slot.call();
    const nanos = this.clock.nanos();
    if (collected(heap)) return false;
    slot.nanosPerByte.push(nanos / (slot.bytes * slot.calls));
    return true;
  }

  /** Forgets what was measured so far: the code was not yet compiled. */
  restart(): void {
    for (const slot of this.slots) slot.nanosPerByte.length = 0;
  }

  result(): Calibration["copies"] {
    const of = (kind: CopyKind) =>
      this.slots
        .filter((slot) => slot.kind === kind && slot.nanosPerByte.length > 0)
        .map((slot) => ({ bytes: slot.bytes, nanosPerByte: cost(slot.nanosPerByte) }));
    return {
      copy: of("copy"),
      encode: of("encode"),
      decode: of("decode"),
      clone: of("clone"),
      serialise: of("serialise"),
      parse: of("parse"),
    };
  }
}

/** Whether garbage was collected since `before` was read: nothing else makes the heap smaller. */
export function collected(before: { used_heap_size: number; external_memory: number }): boolean {
  const now = getHeapStatistics();
  return now.used_heap_size < before.used_heap_size || now.external_memory < before.external_memory;
}

function slot(kind: CopyKind, bytes: number, slotBytes: number, call: () => unknown): Slot {
  return { kind, bytes, calls: Math.max(1, Math.floor(slotBytes / bytes)), call, nanosPerByte: [] };
}

function copySlot(bytes: number): Slot {
  const from = Buffer.alloc(bytes, 1);
  const to = Buffer.alloc(bytes);
  // Small copies cost by the call, not by the byte: fewer of them make a slot.
  return slot("copy", bytes, Math.min(SLOT_BYTES, bytes * 1_024), () => from.copy(to));
}

function textSlots(bytes: number): Slot[] {
  const graph = orders(bytes);
  const json = JSON.stringify(graph);
  const encoded = Buffer.from(json);
  // By the bytes that were really moved, as the probes count them.
  return [
    slot("encode", encoded.length, TEXT_SLOT_BYTES, () => Buffer.from(json)),
    slot("decode", encoded.length, TEXT_SLOT_BYTES, () => encoded.toString()),
    slot("serialise", encoded.length, TEXT_SLOT_BYTES, () => JSON.stringify(graph)),
    slot("parse", encoded.length, TEXT_SLOT_BYTES, () => JSON.parse(json)),
    slot("clone", serialize(graph).length, TEXT_SLOT_BYTES, () => structuredClone(graph)),
  ];
}

/** What services pass around: a list of small records with text, numbers, flags and a nested list. */
function orders(jsonBytes: number): unknown {
  const list: unknown[] = [];
  for (let size = 2, i = 0; size < jsonBytes; i++) {
    const order = {
      id: 10_000 + i,
      customer: `customer-${i * 37}`,
      paid: i % 2 === 0,
      total: 19.99 + i,
      items: [i, i + 1],
    };
    size += JSON.stringify(order).length + 1;
    list.push(order);
  }
  return list;
}
