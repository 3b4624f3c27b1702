// Runtime: off-heap bytes of Buffers by line, and of what else can be seen (offHeapCalls.ts).

import { Buffer } from "node:buffer";
import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { CallProbe } from "../callProbe.ts";
import type { CallMeter, Measured } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { BufferPool, ON_HEAP_BYTES } from "./bufferPool.ts";
import { measureOffHeapCalls } from "./offHeapCalls.ts";
import { offHeapGrowth } from "./offHeapGrowth.ts";

/** Of a call whose result always has memory of its own. Touching a small one's `buffer` would move it off the heap. */
function fresh(_self: unknown, _args: IArguments, result: unknown): number {
  if (!(result instanceof Uint8Array)) return 0;
  const { length } = result;
  if (length <= ON_HEAP_BYTES) return 0;
  offHeapGrowth.counted(length);
  return length;
}

export class BuffersProbe extends CallProbe {
  private meter: Meter | null = null;
  private poolRest: Operation | null = null;
  private readonly pool = new BufferPool((bytes) => offHeapGrowth.counted(bytes));

  constructor() {
    super("buffers", { depth: 0 });
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    this.meter = meter;
    this.poolRest = meter.operation("buffers", "Buffer pool, unused");
    const { pool } = this;
    const pooled: Measured["amount"] = (_self, args, result) =>
      result instanceof Uint8Array ? pool.take(result, args[0]) : 0;
    const measured = (callee: string, amount: Measured["amount"]): Measured => ({
      operation: meter.operation("buffers", callee),
      amount,
      nests: true,
    });
    calls.measure(Buffer, ["alloc"], measured("Buffer.alloc", fresh));
    calls.measure(Buffer, ["allocUnsafe"], measured("Buffer.allocUnsafe", pooled));
    calls.measure(Buffer, ["allocUnsafeSlow"], measured("Buffer.allocUnsafeSlow", fresh));
    calls.measure(Buffer, ["from"], measured("Buffer.from", pooled));
    calls.measure(Buffer, ["concat"], measured("Buffer.concat", pooled));
    calls.measure(Buffer, ["copyBytesFrom"], measured("Buffer.copyBytesFrom", pooled));
    measureOffHeapCalls(calls, meter);
  }

  override resume(): void {
    super.resume();
    this.pool.forget();
  }

  collect(): void {
    const bytes = this.pool.takeRest();
    if (bytes > 0 && this.poolRest !== null) this.meter?.addTotal(this.poolRest, 1, bytes);
  }
}
