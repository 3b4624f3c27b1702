// Runtime: Node's shared pool, which small Buffers are cut from one after the other. A piece counts where it is cut, with
// the bytes that it takes up there; what is left of a pool when the next piece does not fit, and pieces that nobody
// saw, are told apart, so that all together are the pools' bytes.

import { Buffer } from "node:buffer";

/** Node cuts pieces at multiples of it. */
const ALIGNMENT = 8;
/** V8 keeps typed arrays up to it on its own heap, where they count as objects. */
export const ON_HEAP_BYTES = 64;

/** Of an object given to `Buffer.from`, which is shown and not copied. Dear: it is asked last. */
const showsMemory = (source: unknown, result: Uint8Array): boolean =>
  typeof source === "object" &&
  !ArrayBuffer.isView(source) &&
  !Array.isArray(source) &&
  result.buffer === source;

export class BufferPool {
  private pool: ArrayBufferLike | null = null;
  /** Where the next piece begins, when all that is cut is seen. */
  private end = 0;
  /** Of pools that are used up: bytes that no seen piece took. */
  private rest = 0;

  /** @param made called with the bytes of each piece of memory of its own, and of each pool */
  constructor(private readonly made: (bytes: number) => void) {}

  /**
   * Bytes of a Buffer that was just made, be it a piece or of its own memory; 0 where it only shows other memory.
   * @param source what it was made from, as `Buffer.from` got it
   */
  take(result: Uint8Array, source: unknown): number {
    const { length, byteOffset } = result;
    if (length === 0 || showsMemory(source, result)) return 0;
    // It may have memory of its own on V8's heap, which asking for `buffer` would move.
    if (length <= ON_HEAP_BYTES && Buffer.poolSize <= 2 * ON_HEAP_BYTES) return 0;
    // The common case, without asking for `buffer`, which is dear.
    if (byteOffset === this.end && byteOffset > 0) return this.piece(byteOffset, length);
    const { buffer } = result;
    if (buffer.byteLength === length) {
      if (length <= ON_HEAP_BYTES) return 0;
      this.made(length);
      return length;
    }
    if (buffer === this.pool) {
      if (byteOffset < this.end) return 0;
      this.rest += byteOffset - this.end;
    } else {
      // The pool that was there at the first look was begun by others.
      if (this.pool !== null) this.rest += Math.max(0, this.pool.byteLength - this.end) + byteOffset;
      // One that is known from its midst may be old where it is the first.
      if (this.pool !== null || byteOffset === 0) this.made(buffer.byteLength);
      this.pool = buffer;
    }
    return this.piece(byteOffset, length);
  }

  /** Pieces were cut that nobody saw and nobody is to know of. */
  forget(): void {
    this.pool = null;
    this.end = 0;
    this.rest = 0;
  }

  /** Bytes of pools that no piece accounts for, since the last call. */
  takeRest(): number {
    const { rest } = this;
    this.rest = 0;
    return rest;
  }

  private piece(from: number, length: number): number {
    this.end = Math.ceil((from + length) / ALIGNMENT) * ALIGNMENT;
    return this.end - from;
  }
}
