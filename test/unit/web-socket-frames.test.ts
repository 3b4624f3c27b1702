// Tests: the ends of WebSocket messages are found however their bytes are cut, and what is none is not taken for one.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WebSocketFrames } from "../../src/runtime/probes/messages/webSocketFrames.ts";

interface Frame {
  readonly opcode: number;
  readonly final: boolean;
  readonly compressed: boolean;
  readonly length: number;
}

/** As RFC 6455 has it, of a client. */
function bytesOf({ opcode, final, compressed, length }: Frame): Buffer {
  const head = [(final ? 0x80 : 0) | (compressed ? 0x40 : 0) | opcode];
  if (length < 126) head.push(0x80 | length);
  else if (length < 65_536) head.push(0x80 | 126, length >> 8, length & 0xff);
  else
    head.push(
      0x80 | 127,
      0,
      0,
      0,
      0,
      length >>> 24,
      (length >>> 16) & 0xff,
      (length >>> 8) & 0xff,
      length & 0xff,
    );
  // The mask and the payload look as headers do.
  return Buffer.concat([Buffer.from(head), Buffer.alloc(4 + length, 0x81)]);
}

const frame = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
  final: fc.boolean(),
  compressed: fc.boolean(),
  length: fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 65_535, 65_536, 100_000)),
});

test("messages end where their last frames end", () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 70_000 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), sizes, (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(bytesOf));
      const reader = new WebSocketFrames();
      let found = 0;
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = cuts[n % cuts.length] as number;
        found += reader.take(bytes.subarray(at, at + size));
        at += size;
      }
      assert.equal(reader.broken, false);
      assert.equal(found, frames.filter(({ opcode, final }) => final && opcode <= 2).length);
    }),
  );
});

test("a message counts when all of it is there", () => {
  const reader = new WebSocketFrames();
  const bytes = bytesOf({ opcode: 1, final: true, compressed: false, length: 10 });
  assert.equal(reader.take(bytes.subarray(0, -1)), 0);
  assert.equal(reader.take(bytes.subarray(-1)), 1);
});

test("other bytes are none", () => {
  const masked = bytesOf({ opcode: 1, final: true, compressed: false, length: 10 });
  const unmasked = Buffer.from(masked);
  unmasked[1] = 10;
  const unknown = Buffer.from(masked);
  unknown[0] = 0x83;
  const reserved = Buffer.from(masked);
  reserved[0] = 0xa1;
  for (const bytes of [unmasked, unknown, reserved, Buffer.from("hello, is anybody there?")]) {
    const reader = new WebSocketFrames();
    assert.equal(reader.take(bytes), 0);
    assert.equal(reader.broken, true);
    assert.equal(reader.take(masked), 0);
  }
});
