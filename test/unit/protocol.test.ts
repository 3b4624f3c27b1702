// Frames and latency buckets: what goes in comes out, however it is cut.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FrameError, FrameReader, frame } from "../../src/protocol/framing.ts";
import { BUCKET_COUNT, bucketMicros, bucketOf } from "../../src/protocol/latencyBuckets.ts";
import { MAX_FRAME_BYTES } from "../../src/protocol/wire.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

describe("framing", () => {
  const bodies = ["{}", `{"text":"${"ä".repeat(5_000)}"}`, "[1]"];
  const stream = Buffer.concat(bodies.map((body) => frame(encoder.encode(body))));

  for (const size of [1, 2, 3, 5, 7, 4096, stream.length]) {
    it(`puts frames together from pieces of ${size} bytes`, () => {
      const reader = new FrameReader();
      const got: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size), (body) => got.push(decoder.decode(body)));
      }
      assert.deepEqual(got, bodies);
    });
  }

  it("takes a large frame in single bytes, as a slow peer sends it", () => {
    const body = new Uint8Array(300_000).fill(0x20);
    const reader = new FrameReader();
    let got = 0;
    // Once, each byte cost a walk over all that had come before: hours for this many.
    for (const byte of frame(body))
      reader.push(Uint8Array.of(byte), ({ length }) => {
        got = length;
      });
    assert.equal(got, body.length);
  });

  it("refuses empty and oversized frames at their head", () => {
    const header = new Uint8Array(4);
    assert.throws(() => new FrameReader().push(header, () => undefined), FrameError);
    new DataView(header.buffer).setUint32(0, MAX_FRAME_BYTES + 1);
    assert.throws(() => new FrameReader().push(header, () => undefined), FrameError);
  });
});

describe("latency buckets", () => {
  it("read back within 3.2 %", () => {
    for (let micros = 1; micros < 2 ** 30; micros = Math.ceil(micros * 1.013)) {
      const back = bucketMicros(bucketOf(micros));
      assert.ok(Math.abs(back / micros - 1) <= 0.0321, `${micros} read as ${back}`);
    }
  });

  it("clamp what is out of range", () => {
    assert.equal(bucketOf(0), 0);
    assert.equal(bucketOf(-1), 0);
    assert.equal(bucketOf(Number.NaN), 0);
    assert.equal(bucketOf(Number.POSITIVE_INFINITY), BUCKET_COUNT - 1);
  });
});
