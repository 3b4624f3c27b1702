// Runtime: off-heap bytes of Buffers by line. Small ones are cut from a shared pool: only the call that fills
// the pool allocates, and it allocates all of it, so that lines share pools by how many they use up. Typed
// arrays and ArrayBuffers that are constructed directly stay unplaced: their constructors can't be replaced
// unseen.

import { Buffer } from "node:buffer";
import { CallMeter, type Measured } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";

/** V8 keeps typed arrays up to it on its own heap, where they count as objects. */
const ON_HEAP_BYTES = 64;

/** Of a call whose result always has memory of its own. Touching a small one's `buffer` would move it off the heap. */
function fresh(_self: unknown, _args: IArguments, result: unknown): number {
  if (!(result instanceof Uint8Array)) return 0;
  const { length } = result;
  return length > ON_HEAP_BYTES ? length : 0;
}

/** A pool's first piece starts within its alignment: Node 26 cuts pools at 64 bytes. */
const POOL_SLACK_BYTES = 64;
let lastPool: ArrayBufferLike | null = null;

function pooled(_self: unknown, args: IArguments, result: unknown): number {
  if (!(result instanceof Uint8Array)) return 0;
  const { length } = result;
  if (length === 0 || (length <= ON_HEAP_BYTES && Buffer.poolSize <= 2 * ON_HEAP_BYTES)) return 0;
  // Neither memory of its own nor a pool's first piece. Asking for `buffer` is dear, so that comes after.
  if (result.byteOffset >= POOL_SLACK_BYTES) return 0;
  const { buffer } = result;
  // Buffer.from(arrayBuffer) shows memory that is there already.
  if (buffer === args[0]) return 0;
  if (buffer.byteLength === length) return buffer.byteLength;
  if (buffer === lastPool) return 0;
  lastPool = buffer;
  return buffer.byteLength;
}

export class BuffersProbe implements Probe {
  readonly name = "buffers";
  private calls: CallMeter | null = null;

  unavailable(): string | null {
    return null;
  }

  start({ meter, faults }: ProbeContext): void {
    const calls = new CallMeter(this.name, meter, faults, { depth: 0 });
    this.calls = calls;
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
  }

  stop(): void {
    this.calls?.stop();
    this.calls = null;
    lastPool = null;
  }
}
