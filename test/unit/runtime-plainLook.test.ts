// Unit tests: what a request costs without us: only of whole stretches, each told once.

import assert from "node:assert/strict";
import { channel } from "node:diagnostics_channel";
import { test } from "node:test";
import { PlainLook } from "../../src/runtime/probes/http/plainLook.ts";

const finish = (times: number) => {
  for (let n = 0; n < times; n++) channel("http.server.response.finish").publish({});
};

function spend(micros: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= micros) return;
  }
}

test("requests that end in a stretch, and the processor time from its beginning to its end", () => {
  const look = new PlainLook(true);
  finish(3);
  look.begin();
  finish(7);
  spend(30_000);
  look.end();
  finish(5);
  spend(100_000);
  const told = look.take();
  assert.deepEqual([told?.rests, told?.requests], [1, 7]);
  assert.ok((told?.cpuMicros ?? 0) >= 30_000 && (told?.cpuMicros ?? 0) < 100_000, `${told?.cpuMicros}`);
  assert.equal(look.take(), null);
  assert.equal(channel("http.server.response.finish").hasSubscribers, false);
});

test("another thread tells of its requests alone", () => {
  const look = new PlainLook(false);
  look.begin();
  finish(2);
  look.end();
  assert.deepEqual(look.take(), { rests: 1, requests: 2, cpuMicros: null });
});

test("nothing is told of a stretch that was cut short, and the next one begins anew", () => {
  const look = new PlainLook(true);
  look.begin();
  finish(4);
  look.cancel();
  look.end();
  assert.equal(look.take(), null);
  look.begin();
  look.begin();
  finish(1);
  look.end();
  assert.equal(look.take()?.requests, 1);
  assert.equal(channel("http.server.response.finish").hasSubscribers, false);
});
