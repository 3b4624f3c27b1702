// Unit tests: recordings on disk, and files that are none.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { checkWritable, readProfile, writeProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { PROFILE_SCHEMA, type Profile } from "../../src/model/profile.ts";
import { emptyWindow } from "./scriptedPeer.ts";

const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy with space ü "));
after(() => rmSync(folder, { recursive: true }));

const {
  type: _type,
  sequence: _sequence,
  operations,
  scripts,
  frames,
  stacks,
  routes,
  ...figures
} = emptyWindow(0, {
  endMicros: 2e6,
});
assert.equal([operations, scripts, frames, stacks, routes].flat().length, 0);

const PROFILE: Profile = {
  schema: PROFILE_SCHEMA,
  darcy: "0.1.0",
  command: ["node", "sörver.js"],
  cwd: "/app",
  startedAt: "2025-01-31T12:00:00.000Z",
  startedMicros: 1e6,
  endedMicros: 2e6,
  measureFromMicros: 1e6,
  node: "v24.0.0",
  platform: "linux",
  arch: "x64",
  cores: 2,
  topology: "reuse",
  calibration: null,
  operations: [{ kind: "copy", callee: "Buffer.copy" }],
  frames: [
    {
      url: "/app/sörver.js",
      functionName: "hándle",
      line: 3,
      column: 1,
      offset: 9,
      async: false,
      source: { file: "/app/sörver.ts", line: 4, column: 2, origin: "user" },
    },
  ],
  stacks: [
    { parent: 0, frame: 0 },
    { parent: 0, frame: 0 },
  ],
  routes: [{ method: "GET", route: "/" }],
  workers: [
    {
      peer: 0,
      pid: 1,
      threadId: 0,
      role: "peer",
      startedMicros: 1,
      endedMicros: null,
      port: 80,
      argv: ["node"],
    },
  ],
  windows: [
    {
      ...figures,
      worker: 0,
      cells: [[0, 3, 1, 4]],
      samples: [[0, 3, 1, 0, 1, 1, 4]],
      requests: [[0, 1, 5, [[2, 1]]]],
    },
  ],
  rests: [
    { fromMicros: 1e6, toMicros: 1.1e6 },
    { fromMicros: 1.1e6, toMicros: 1.2e6 },
  ],
  notices: [{ code: "coverage", severity: "info", text: "x", atMicros: 1 }],
  dropped: { windows: 0, samples: 0, frames: 0 },
};

let files = 0;
function fileOf(content: Uint8Array): string {
  const file = join(folder, `file ${files++}.darcy`);
  writeFileSync(file, content);
  return file;
}
function packed(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value));
}
async function refused(promise: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof UserError, `a UserError, not ${String(error)}`);
    assert.match(error.message, message);
    assert.ok(error.remedy.length > 0);
    return true;
  });
}

test("what is written is read back, and nothing else is left beside it", async () => {
  const own = join(folder, "own");
  mkdirSync(own);
  const file = join(own, "näme.darcy");
  await writeProfile(file, PROFILE);
  await writeProfile(file, PROFILE);
  assert.deepEqual(await readProfile(file), PROFILE);
  assert.deepEqual(readdirSync(own), ["näme.darcy"]);
});

test("what is no file is not waited for, and a link round in a circle is named", posix, async () => {
  const pipe = join(folder, "pipe.darcy");
  execFileSync("mkfifo", [pipe]);
  await refused(readProfile(pipe), /pipe\.darcy is not a file/);
  const link = join(folder, "link.darcy");
  symlinkSync(link, link);
  await refused(readProfile(link), /link\.darcy is a symbolic link that leads round in a circle/);
});

test("files that are none of ours", async () => {
  await refused(readProfile(join(folder, "missing.darcy")), /does not exist/);
  await refused(readProfile(folder), /is a folder/);
  await refused(readProfile(fileOf(Buffer.alloc(0))), /not a Darcy recording/);
  await refused(readProfile(fileOf(Buffer.from("{}"))), /not a Darcy recording/);
  await refused(readProfile(fileOf(gzipSync("hello"))), /not a Darcy recording/);
  await refused(readProfile(fileOf(packed(null))), /not a Darcy recording/);
  await refused(readProfile(fileOf(packed({ schema: "pprof" }))), /not a Darcy recording/);
  await refused(readProfile(fileOf(packed({ ...PROFILE, schema: "darcy-profile/2" }))), /another version/);
});

test("a file that was cut off or damaged", async () => {
  const whole = packed(PROFILE);
  await refused(readProfile(fileOf(whole.subarray(0, whole.length >> 1))), /cut off/);
  await refused(readProfile(fileOf(whole.subarray(0, 5))), /cut off/);
  const flipped = Buffer.from(whole);
  flipped.fill(0xaa, 20, 60);
  await refused(readProfile(fileOf(flipped)), /damaged|cut off/);
});

test("a small file that unpacks to a huge one is refused before it fills the memory", async () => {
  const chunk = gzipSync(Buffer.alloc(32 * 1024 * 1024, 32));
  // Members of one gzip file are unpacked one after the other: 1.6 GB out of 1.6 MB.
  const bomb = fileOf(Buffer.concat(new Array(50).fill(chunk)));
  await refused(readProfile(bomb), /too large/);
});

const [WINDOW] = PROFILE.windows;
const LATER = { startedMicros: 1e14, endedMicros: 1e14 };
const DAMAGES: Readonly<Record<string, Record<string, unknown>>> = {
  "a list that is missing": { windows: undefined },
  "a list that is an object": { frames: { length: 1e9 } },
  "a negative time": { startedMicros: -1 },
  "a huge number": { cores: 1e300 },
  "a date that is none": { startedAt: "yesterday" },
  "an unknown topology": { topology: "star" },
  "an unknown kind": { operations: [{ kind: "toString", callee: "" }] },
  "a stack that is its own caller": { stacks: [...PROFILE.stacks, { parent: 2, frame: 0 }] },
  "a stack without a frame": { stacks: [...PROFILE.stacks, { parent: 0, frame: 1 }] },
  "a window of no worker": { windows: [{ ...WINDOW, worker: 1 }] },
  "a cell of no operation": { windows: [{ ...WINDOW, cells: [[1, 0, 1, 1]] }] },
  "a sample of no stack": { windows: [{ ...WINDOW, samples: [[0, 0, 2, 0, 1, 1, 1]] }] },
  "a sample of no holder": { windows: [{ ...WINDOW, samples: [[0, 0, 0, 2, 1, 1, 1]] }] },
  "a request of no route": { windows: [{ ...WINDOW, requests: [[1, 1, 1, []]] }] },
  "a window that ends before it starts": { windows: [{ ...WINDOW, startMicros: 3e6 }] },
  "a window long before the recording": { windows: [{ ...WINDOW, startMicros: 0 }], ...LATER },
  "a window long after the recording": { windows: [{ ...WINDOW, endMicros: 1e15 }] },
  "a recording of a thousand years": { endedMicros: 3e16 },
  "a rest that ends before it begins": { rests: [{ fromMicros: 2, toMicros: 1 }] },
  "a rest within another": {
    rests: [
      { fromMicros: 1, toMicros: 9 },
      { fromMicros: 8, toMicros: 10 },
    ],
  },
  "an origin that is none": {
    frames: [{ ...PROFILE.frames[0], source: { file: "", line: 1, column: 1, origin: "x" } }],
  },
};
for (const [name, change] of Object.entries(DAMAGES)) {
  test(`${name} is told, with its place`, async () => {
    await refused(readProfile(fileOf(packed({ ...PROFILE, ...change }))), /is damaged \(.+: expected/);
  });
}

test("keys of the prototype do no harm", async () => {
  const json = JSON.stringify(PROFILE).replace("{", '{"__proto__":{"polluted":true},"constructor":{"x":1},');
  await refused(readProfile(fileOf(gzipSync(json))), /damaged/);
  assert.equal((Object.prototype as Record<string, unknown>).polluted, undefined);
});

test("a place that can't be written to is told before and after", async () => {
  const missing = join(folder, "missing", "a.darcy");
  await refused(checkWritable(missing), /does not exist/);
  await refused(writeProfile(missing, PROFILE), /does not exist/);
  const below = join(fileOf(Buffer.alloc(1)), "a.darcy");
  await refused(checkWritable(below), /does not exist/);
  await refused(writeProfile(below, PROFILE), /does not exist/);
  await refused(checkWritable(folder), /is a folder/);
  // A folder in which nobody makes files, root included.
  if (process.platform === "linux")
    await refused(checkWritable("/proc/x.darcy"), /\/proc can't be written to/);
  await refused(writeProfile(folder, PROFILE), /is a folder/);
  await checkWritable(join(folder, "fine.darcy"));
});

test("a read-only folder is told, and keeps what it had", {
  skip: process.platform === "win32",
}, async () => {
  const locked = join(folder, "locked");
  mkdirSync(locked);
  const file = join(locked, "a.darcy");
  await writeProfile(file, PROFILE);
  const before = readFileSync(file);
  chmodSync(folder, 0o755);
  chmodSync(locked, 0o555);
  await asNobody(async () => {
    await refused(checkWritable(file), /can't be written to/);
    await refused(writeProfile(file, PROFILE), /can't be written to/);
  });
  chmodSync(locked, 0o755);
  assert.deepEqual(readFileSync(file), before);
  assert.deepEqual(readdirSync(locked), ["a.darcy"]);
});

/** Permissions mean nothing to root: it acts as somebody else meanwhile. */
async function asNobody(action: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test("a front that can't be made, or is too large, leaves the recording as it is without one", async () => {
  const file = join(folder, "no front.darcy");
  const fronts: readonly ((packed: Uint8Array) => Promise<Uint8Array>)[] = [
    async () => {
      throw new RangeError("Maximum call stack size exceeded");
    },
    () => {
      throw new Error("before it returns a promise");
    },
    async () => new Uint8Array(128 * 1024 * 1024),
  ];
  for (const frontOf of fronts) {
    await writeProfile(file, PROFILE, frontOf);
    assert.deepEqual(await readProfile(file), PROFILE);
    assert.equal(gunzipSync(readFileSync(file)).toString(), JSON.stringify(PROFILE));
    rmSync(file);
  }
});
