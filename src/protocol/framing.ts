// Leaf: frames on the socket, used at both ends: four bytes of length, big-endian, then UTF-8 JSON.

import { MAX_FRAME_BYTES } from "./wire.ts";

const HEADER_BYTES = 4;

/** Thrown for a peer that does not speak our protocol; its connection is to be dropped. */
export class FrameError extends Error {}

/** Cuts a byte stream into frames. Holds at most one unfinished frame (`MAX_FRAME_BYTES`). */
export class FrameReader {
  private chunks: Uint8Array[] = [];
  private buffered = 0;
  private expected = -1;

  /** @throws FrameError on an oversized or empty frame. */
  push(chunk: Uint8Array, onFrame: (body: Uint8Array) => void): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    for (;;) {
      if (this.expected < 0) {
        if (this.buffered < HEADER_BYTES) return;
        const header = this.take(HEADER_BYTES);
        this.expected = new DataView(header.buffer, header.byteOffset, HEADER_BYTES).getUint32(0);
        if (this.expected === 0 || this.expected > MAX_FRAME_BYTES) {
          throw new FrameError(`A frame of ${this.expected} bytes is not allowed.`);
        }
      }
      if (this.buffered < this.expected) return;
      const body = this.take(this.expected);
      this.expected = -1;
      onFrame(body);
    }
  }

  private take(length: number): Uint8Array {
    const first = this.chunks[0] as Uint8Array;
    if (first.length >= length) {
      if (first.length === length) this.chunks.shift();
      else this.chunks[0] = first.subarray(length);
      this.buffered -= length;
      return first.subarray(0, length);
    }
    const joined = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const chunk = this.chunks[0] as Uint8Array;
      const part = Math.min(chunk.length, length - at);
      joined.set(chunk.subarray(0, part), at);
      at += part;
      if (part === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(part);
    }
    this.buffered -= length;
    return joined;
  }
}

/** One frame around UTF-8 JSON. */
export function frame(json: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + json.length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, HEADER_BYTES);
  return bytes;
}
