// Unit tests: which line a stack is charged to, and what it is said to have called.

import assert from "node:assert/strict";
import { test } from "node:test";
import { originOfUrl, packageOf, pathOfUrl } from "../../src/model/origin.ts";
import { Sites } from "../../src/model/sites.ts";
import { APP, KnownProfile } from "./knownProfile.ts";

/** `place.ts:19 placeOrder → Mutex.acquire`; frames innermost first. */
function charged(...frames: readonly string[]): string {
  const known = new KnownProfile();
  const stack = known.stack(...frames);
  const { file, line, function: name, callee } = new Sites(known.profile()).of(stack);
  return `${file.replace(`${APP}/`, "").replace("/app/node_modules/", "")}:${line} ${name} → ${callee ?? "(itself)"}`;
}

test("the operation itself", () => {
  assert.equal(charged("place.ts:19 placeOrder", "routes.ts:3 handler"), "place.ts:19 placeOrder → (itself)");
});
test("a dependency's function that the line called, not the one deep inside", () => {
  assert.equal(
    charged("m/lib/queue.js:9 Queue.push", "m/lib/Mutex.js:24 Mutex.acquire", "place.ts:19 placeOrder"),
    "place.ts:19 placeOrder → Mutex.acquire",
  );
  assert.equal(charged("m/lib/Mutex.js:24 ", "place.ts:19 placeOrder"), "place.ts:19 placeOrder → m");
});
test("a dependency called through Node is behind what the line called", () => {
  assert.equal(
    charged("m/lib/on.js:3 onData", "node:events:5 Socket.emit", "place.ts:19 placeOrder"),
    "place.ts:19 placeOrder → Socket.emit",
  );
});
test("Node's public function, where it can be known", () => {
  const called = (frame: string) => charged("node:internal/util:3 deep", frame, "a.ts:1 a").split(" → ")[1];
  assert.equal(called("node:fs:430 readFileSync"), "fs.readFileSync");
  assert.equal(called("node:internal/fs/promises:900 readFile"), "fs.promises.readFile");
  assert.equal(called("node:buffer:500 concat"), "Buffer.concat");
  assert.equal(called("node:buffer:800 Buffer.toString"), "Buffer.toString");
  assert.equal(called("node:_http_outgoing:900 ServerResponse.end"), "ServerResponse.end");
  assert.equal(called("node:internal/streams/readable:9 Readable.push"), "Readable.push");
  assert.equal(called("node:zlib:9 gzipSync"), "zlib.gzipSync");
  assert.equal(called("node:internal/secret:9 doIt"), "(itself)");
  assert.equal(called("node:fs:9 "), "(itself)");
});
test("callers of the user's line do not matter", () => {
  assert.equal(
    charged("a.ts:1 a", "node:events:5 emit", "express/lib/router.js:7 next", "b.ts:2 b"),
    "a.ts:1 a → (itself)",
  );
});
test("without the user's code the nearest dependency; without that no line", () => {
  assert.equal(
    charged("node:buffer:5 concat", "raw-body/lib/index.js:90 onEnd", "x/lib/y.js:1 z", "node:events:5 emit"),
    "raw-body/lib/index.js:90 onEnd → Buffer.concat",
  );
  assert.equal(charged("node:events:5 emit", "node:net:5 onread"), ":0 (Node) → (itself)");
  assert.equal(charged(), ":0 (unknown) → (itself)");
  assert.equal(charged("evalmachine.<anonymous>:3 run"), ":0 (unknown) → (itself)");
});
test("our own frames are nobody's", () => {
  const known = new KnownProfile();
  const stack = known.stack("/x/preload.js:3 wrapper", "a.ts:1 a");
  const profile = known.profile();
  const frames = profile.frames.map((frame) =>
    frame.url.endsWith("preload.js")
      ? { ...frame, source: { file: frame.url, line: 3, column: 1, origin: "darcy" as const } }
      : frame,
  );
  const sites = new Sites({ ...profile, frames });
  assert.equal(sites.of(stack).function, "a");
  assert.equal(sites.of(stack).callee, null);
  assert.deepEqual(
    sites.locations(stack).map((location) => location.function),
    ["a"],
  );
});
test("a stack is told innermost first", () => {
  const known = new KnownProfile();
  const stack = known.stack("a.ts:1 a", "b.ts:2 ", "c.ts:3 c");
  assert.deepEqual(
    new Sites(known.profile()).locations(stack).map((location) => `${location.function} ${location.line}`),
    ["a 1", "(anonymous) 2", "c 3"],
  );
});
test("a stack that goes in circles ends", () => {
  const known = new KnownProfile();
  known.stack("node:fs:1 f");
  const profile = known.profile({
    stacks: [
      { parent: 0, frame: -1 },
      { parent: 1, frame: 0 },
    ],
  });
  assert.equal(new Sites(profile).of(1).file, "");
});
test("URLs and paths", () => {
  assert.equal(pathOfUrl("file:///app/a%20b/c.mjs?v=1"), "/app/a b/c.mjs");
  assert.equal(pathOfUrl("file:///C:/app/c.mjs"), "C:\\app\\c.mjs");
  assert.equal(pathOfUrl("/app/a%20b.js"), "/app/a%20b.js");
  assert.equal(pathOfUrl("/app/a.ts?namespace=1"), "/app/a.ts");
  assert.equal(originOfUrl("C:\\app\\node_modules\\x\\i.js"), "dependency");
  assert.equal(originOfUrl("C:\\app\\i.js"), "user");
  assert.equal(originOfUrl("wasm://wasm/abc"), "unknown");
  assert.equal(packageOf("/a/node_modules/x/node_modules/@s/y/lib/z.js"), "@s/y");
  assert.equal(packageOf("/a/b.js"), "");
});
test("Node's helpers do not stand for what the user called", () => {
  const called = (...frames: string[]) => charged(...frames, "a.ts:1 a").split(" → ")[1];
  assert.equal(called("node:zlib:9 zlibBuffer", "node:zlib:12 asyncBufferWrapper"), "(itself)");
  assert.equal(called("node:internal/fs/promises:9 readFileHandle"), "fs.promises.readFile");
});

test("of a recording that grows, places are looked up once; where a frame became another, anew", () => {
  const known = new KnownProfile();
  const first = known.stack("place.ts:19 placeOrder");
  const before = known.profile();
  const sites = Sites.following(null, before);
  const site = sites.of(first);
  const second = known.stack("list.ts:7 listOrders", "place.ts:19 placeOrder");
  const after = { ...before, frames: known.profile().frames, stacks: known.profile().stacks };
  const kept = { ...after, frames: [...before.frames, ...after.frames.slice(before.frames.length)] };
  assert.equal(
    Sites.following(sites, {
      ...kept,
      stacks: [...before.stacks, ...after.stacks.slice(before.stacks.length)],
    }),
    sites,
  );
  assert.equal(sites.of(first), site);
  assert.equal(sites.of(second).line, 7);
  const [frame, ...others] = kept.frames;
  assert.ok(frame !== undefined);
  const moved = { ...frame, line: 99 };
  assert.notEqual(Sites.following(sites, { ...kept, frames: [moved, ...others] }), sites);
});
