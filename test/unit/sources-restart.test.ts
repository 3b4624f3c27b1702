// Unit tests: a server that a watcher starts anew: each run's frames are placed by the files as they were when it was started.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { Session } from "../../src/collector/session.ts";
import { validateProfile } from "../../src/collector/validateProfile.ts";
import type { Profile } from "../../src/model/profile.ts";
import { textsWithin } from "../../src/model/textsWithin.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { scopeOf } from "../../src/recording/scope.ts";
import { resolveSources } from "../../src/sources/resolve.ts";
import { wholeHash } from "../../src/sources/textLines.ts";
import { emptyWindow, ScriptedPeer } from "./scriptedPeer.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "darcy restart ")));
const source = join(folder, "place.ts");
const script = join(folder, "dist", "place.js");
after(() => rmSync(folder, { recursive: true }));

const PLACE = "export function place(): string {\n  return JSON.stringify({});\n}\n";
const MOVED = `interface Order {\n  id: string;\n}\n\n${PLACE}`;

/** As a compiler that watches writes it, so long ago. */
async function compile(text: string, secondsAgo: number): Promise<void> {
  writeFileSync(source, text);
  await build({ entryPoints: [source], outfile: script, sourcemap: true, logLevel: "error" });
  const when = Date.now() / 1_000 - secondsAgo;
  for (const file of [source, script, `${script}.map`]) utimesSync(file, when, when);
}

const LISTENING = { type: "listening", port: 3000, address: "::", topology: "single", workers: 1 } as const;
/** The compiled text is the same each time. */
const LINE = 2;

async function run(session: Session, pid: number): Promise<void> {
  const peer = await ScriptedPeer.welcome(session.environment, { pid, peer: 0 });
  const seen = once(session, "window");
  peer.send(LISTENING);
  peer.send(
    emptyWindow(0, {
      scripts: [[1, `file://${encodeURI(script)}`]],
      frames: [[1, 1, "place", LINE, 3, 40, 0]],
      stacks: [[1, 0, 1]],
      routes: [[0, "GET", "/"]],
      requests: [[0, 1, 10, [[5, 1]]]],
    }),
  );
  await seen;
  const gone = once(session, "workers");
  peer.socket.destroy();
  await gone;
}

const lines = ({ frames }: Profile) => frames.map(({ source: at }) => at?.line);

test("the same compiled line of two runs is two authored lines, and each text is known by its hash", async () => {
  const session = await Session.open({
    command: ["node", "dist/place.js"],
    cwd: folder,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: folder,
    nodePath: process.execPath,
    baseEnvironment: {},
  });
  try {
    await compile(PLACE, 60);
    await run(session, 101);
    assert.deepEqual(lines(await resolveSources(session.snapshot())), [2]);

    await compile(MOVED, 0.05);
    await run(session, 102);
    const live = await resolveSources(session.snapshot());
    assert.deepEqual(lines(live), [2, 6]);
    const [first, second] = live.texts ?? [];
    assert.equal(first?.whole, wholeHash(PLACE.split("\n")));
    assert.equal(second?.whole, wholeHash(MOVED.split("\n")));
    assert.deepEqual(
      [first?.lines[0]?.[1], first?.lines[0]?.[0], second?.lines[0]?.[0]],
      [second?.lines[0]?.[1], 2, 6],
      "the same text on another line",
    );
    assert.deepEqual(validateProfile(JSON.parse(JSON.stringify(live))), JSON.parse(JSON.stringify(live)));

    const { fromMicros, toMicros } = scopeOf(live, 60);
    const started = live.workers[1]?.startedMicros ?? Number.POSITIVE_INFINITY;
    assert.ok(fromMicros >= started, "the last 60 s are of the server that runs now");
    assert.deepEqual(textsWithin(live, fromMicros, toMicros).files, [
      { file: source, whole: second?.whole, lines: second?.lines },
    ]);
    const whole = scopeOf(live, 0);
    assert.ok(whole.fromMicros < started, "the whole is of both");
    assert.deepEqual(
      textsWithin(live, whole.fromMicros, whole.toMicros).files,
      [{ file: source, whole: null, lines: [] }],
      "of two texts none is the file's",
    );
  } finally {
    await session.close();
  }
});

test("where the text that ran was not read while it stood there, its lines are nobody's, not another text's", async () => {
  const session = await Session.open({
    command: ["node", "dist/place.js"],
    cwd: folder,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: folder,
    nodePath: process.execPath,
    baseEnvironment: {},
  });
  try {
    await compile(PLACE, 60);
    await run(session, 101);
    await compile(MOVED, 0.05);
    const { frames } = await resolveSources(session.snapshot());
    assert.deepEqual(
      frames.map(({ source: at }) => [at?.line, at?.origin]),
      [[0, "unknown"]],
    );
  } finally {
    await session.close();
  }
});
