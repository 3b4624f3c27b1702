// Calibration: nanoseconds a byte allocated, on the heap and beside it, garbage collection left out.

import { getHeapStatistics } from "node:v8";
import type { Cost } from "../../protocol/calibration.ts";
import { collected, type Slots, TRIES } from "./copies.ts";
import { SlotClock } from "./slotClock.ts";
import { cost } from "./statistics.ts";

const OBJECTS = 2_000;
const BUFFERS = 16;
const BUFFER_BYTES = 16_384;

export class AllocationSlots implements Slots {
  private readonly clock = new SlotClock();
  private readonly heap: number[] = [];
  private readonly buffers: number[] = [];
  private readonly kept: unknown[] = new Array(OBJECTS);

  round(): void {
    for (let tries = 0; tries < TRIES; tries++) if (this.allocateObjects()) break;
    for (let tries = 0; tries < TRIES; tries++) if (this.allocateBuffers()) break;
  }

  restart(): void {
    this.heap.length = 0;
    this.buffers.length = 0;
  }

  result(): { allocationNanosPerByte: Cost; bufferNanosPerByte: Cost } {
    return { allocationNanosPerByte: cost(this.heap), bufferNanosPerByte: cost(this.buffers) };
  }

  /** False when garbage was collected meanwhile. */
  private allocateObjects(): boolean {
    const before = getHeapStatistics();
    this.clock.start();
    for (let i = 0; i < OBJECTS; i++) this.kept[i] = { id: i, next: null, values: [i, i, i, i] };
    const nanos = this.clock.nanos();
    const bytes = getHeapStatistics().used_heap_size - before.used_heap_size;
    if (bytes <= 0 || collected(before)) return false;
    this.heap.push(nanos / bytes);
    return true;
  }

  private allocateBuffers(): boolean {
    const before = getHeapStatistics();
    this.clock.start();
    for (let i = 0; i < BUFFERS; i++) this.kept[i] = Buffer.alloc(BUFFER_BYTES);
    const nanos = this.clock.nanos();
    if (collected(before)) return false;
    this.buffers.push(nanos / (BUFFERS * BUFFER_BYTES));
    return true;
  }
}
