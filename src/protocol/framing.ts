// Leaf: frames on the socket, used at both ends: four bytes of length, big-endian, then UTF-8 JSON.

import { MAX_FRAME_BYTES } from "./wire.ts";

const HEADER_BYTES = 4;

/** Thrown for a peer that does not speak our protocol; its connection is to be dropped. */
export class FrameError extends Error {}

/**
 * Cuts a byte stream into frames. Holds at most one unfinished frame (`MAX_FRAME_BYTES`), and that in one piece, whatever
 * the pieces it comes in. `onFrame` gets a view that is its own only until it returns.
 */
export class FrameReader {
  private pending: Uint8Array = new Uint8Array(0);
  private filled = 0;

  /** @throws FrameError on an oversized or empty frame. */
  push(chunk: Uint8Array, onFrame: (body: Uint8Array) => void): void {
    let at = 0;
    while (at < chunk.length) {
      const left = chunk.length - at;
      if (this.filled > 0 || left < HEADER_BYTES || left < frameLength(chunk, at)) {
        at += this.fill(chunk, at, onFrame);
        continue;
      }
      const end = at + frameLength(chunk, at);
      const body = chunk.subarray(at + HEADER_BYTES, end);
      at = end;
      onFrame(body);
    }
  }

  /** How many bytes of the chunk it took. */
  private fill(chunk: Uint8Array, at: number, onFrame: (body: Uint8Array) => void): number {
    const wanted = this.filled < HEADER_BYTES ? HEADER_BYTES : frameLength(this.pending, 0);
    const taken = Math.min(wanted - this.filled, chunk.length - at);
    this.reserve(this.filled + taken, wanted);
    this.pending.set(chunk.subarray(at, at + taken), this.filled);
    this.filled += taken;
    if (this.filled === HEADER_BYTES) frameLength(this.pending, 0);
    else if (this.filled === wanted) {
      const body = this.pending.subarray(HEADER_BYTES, wanted);
      this.pending = new Uint8Array(0);
      this.filled = 0;
      onFrame(body);
    }
    return taken;
  }

  /** Doubles, so that no sender of single bytes makes it copy again and again, nor a header alone take the memory. */
  private reserve(needed: number, wanted: number): void {
    if (needed <= this.pending.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.min(wanted, 2 * this.pending.length)));
    larger.set(this.pending.subarray(0, this.filled));
    this.pending = larger;
  }
}

/** Header and body. @throws FrameError */
function frameLength(bytes: Uint8Array, at: number): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES).getUint32(0);
  if (length === 0 || length > MAX_FRAME_BYTES)
    throw new FrameError(`A frame of ${length} bytes is not allowed.`);
  return HEADER_BYTES + length;
}

/** One frame around UTF-8 JSON. */
export function frame(json: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + json.length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, HEADER_BYTES);
  return bytes;
}
