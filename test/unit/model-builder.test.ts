// Unit tests: many connections' ids become one profile, and a long recording stays bounded with its sums exact.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BuilderLimits,
  DEFAULT_LIMITS,
  ProfileBuilder,
  type ProfileFacts,
} from "../../src/model/builder.ts";
import { coalesce } from "../../src/model/coalesce.ts";
import type { Profile, ProfileWindow, Worker } from "../../src/model/profile.ts";
import { SentMaps } from "../../src/model/sentMaps.ts";
import type { CellRow, SampleRow } from "../../src/protocol/window.ts";
import { emptyWindow } from "./scriptedPeer.ts";

const WORKER: Worker = {
  peer: 0,
  pid: 1,
  threadId: 0,
  role: "peer",
  startedMicros: 0,
  endedMicros: null,
  port: 80,
  argv: [],
};

const FACTS: ProfileFacts = {
  darcy: "0",
  command: [],
  cwd: "/",
  cores: 2,
  platform: "linux",
  arch: "x64",
  node: "v24.0.0",
};

function builderOf(workers: number, limits: Partial<BuilderLimits> = {}): ProfileBuilder {
  const builder = new ProfileBuilder(FACTS, 0, { ...DEFAULT_LIMITS, ...limits });
  for (let i = 0; i < workers; i++) builder.addWorker(WORKER);
  return builder;
}

/** Function names of a stack, innermost first. */
function namesOf(profile: Profile, stack: number): string[] {
  const names: string[] = [];
  for (let at = stack; at > 0; at = profile.stacks[at]?.parent ?? 0) {
    names.push(profile.frames[profile.stacks[at]?.frame ?? -1]?.functionName ?? "?");
  }
  return names;
}

test("what a worker and its threads did until it listened is left out; another's windows are not", () => {
  const builder = builderOf(1);
  const late = builder.addWorker({ ...WORKER, pid: 2, role: "child", startedMicros: 1_000_000 }) as number;
  const thread = builder.addWorker({ ...WORKER, pid: 2, threadId: 1, role: "thread" }) as number;
  const at = (sequence: number, startMicros: number) =>
    emptyWindow(sequence, { startMicros, endMicros: startMicros + 500_000 });
  for (const [index, worker] of [0, late, thread].entries())
    for (const [sequence, start] of [1_000_000, 1_500_000].entries())
      builder.addWindow(worker, at(sequence, start + index));
  builder.serves(late, 2_200_000);
  // Begun before, and what comes after.
  for (const worker of [0, late, thread]) {
    builder.addWindow(worker, at(2, 2_000_000));
    builder.addWindow(worker, at(3, 2_500_000));
  }
  const { windows } = builder.snapshot(4_000_000);
  const counts = [0, late, thread].map((worker) => windows.filter((each) => each.worker === worker).length);
  assert.deepEqual(counts, [4, 1, 1]);

  // A thread that listens is no start of the others; a process that worked for minutes before had other work.
  const threads = builderOf(1);
  const second = threads.addWorker({ ...WORKER, threadId: 2 }) as number;
  threads.addWindow(0, at(0, 1_000_000));
  threads.addWindow(second, at(0, 1_000_000));
  threads.serves(second, 1_600_000);
  assert.deepEqual(
    threads.snapshot(4_000_000).windows.map(({ worker }) => worker),
    [0],
  );
  threads.serves(0, 120_000_000);
  assert.equal(threads.snapshot(130_000_000).windows.length, 1);
});

test("the same place seen by two workers under different ids is one place", () => {
  const builder = builderOf(2);
  builder.addWindow(
    0,
    emptyWindow(0, {
      operations: [[0, "copy", "Buffer.copy"]],
      scripts: [[1, "/app/a.js"]],
      frames: [
        [1, 1, "handle", 3, 1, 30, 0],
        [2, 1, "copyAll", 9, 5, 90, 0],
      ],
      stacks: [
        [1, 0, 1],
        [2, 1, 2],
      ],
      routes: [[0, "GET", "/"]],
      cells: [[0, 4, 2, 20]],
      samples: [[0, 4, 2, 0, 1, 2, 20]],
      requests: [[0, 1, 10, [[5, 1]]]],
    }),
  );
  builder.addWindow(
    1,
    emptyWindow(0, {
      operations: [
        [0, "encode", "Buffer.from"],
        [1, "copy", "Buffer.copy"],
      ],
      scripts: [
        [1, "node:net"],
        [2, "/app/a.js"],
      ],
      frames: [
        [1, 2, "copyAll", 9, 5, 90, 0],
        [2, 1, "write", 1, 1, 1, 0],
        [3, 2, "handle", 3, 1, 30, 0],
      ],
      stacks: [
        [1, 0, 3],
        [2, 1, 1],
        [3, 2, 2],
      ],
      routes: [
        [0, "POST", "/"],
        [1, "GET", "/"],
      ],
      cells: [[1, 4, 3, 30]],
      samples: [
        [1, 4, 2, 3, 1, 3, 30],
        [0, 4, 3, 0, 1, 1, 9],
      ],
      requests: [[1, 1, 10, [[5, 1]]]],
    }),
  );
  const profile = builder.snapshot(1);
  assert.deepEqual(
    profile.operations.map(({ callee }) => callee),
    ["Buffer.copy", "Buffer.from"],
  );
  assert.equal(profile.frames.length, 3);
  assert.equal(profile.routes.length, 2);
  const [first, second] = profile.windows as [ProfileWindow, ProfileWindow];
  assert.equal(first.cells[0]?.[0], second.cells[0]?.[0]);
  assert.equal(first.samples[0]?.[2], second.samples[0]?.[2]);
  assert.deepEqual(namesOf(profile, first.samples[0]?.[2] ?? 0), ["copyAll", "handle"]);
  assert.deepEqual(namesOf(profile, second.samples[1]?.[2] ?? 0), ["write", "copyAll", "handle"]);
  assert.deepEqual(
    namesOf(profile, second.samples[0]?.[3] ?? 0),
    ["write", "copyAll", "handle"],
    "the holder",
  );
  assert.equal(first.requests[0]?.[0], second.requests[0]?.[0]);
});

test("a heap sample's frame and a stack's frame at one line are one, frames by offset are told apart", () => {
  const builder = builderOf(1);
  builder.addWindow(
    0,
    emptyWindow(0, {
      scripts: [[1, "/a.js"]],
      frames: [
        [1, 1, "f", 3, 1, 30, 0],
        [2, 1, "f", 3, 1, 0, 0],
        [3, 1, "f", 0, 0, 7, 0],
        [4, 1, "f", 0, 0, 8, 0],
      ],
    }),
  );
  assert.equal(builder.snapshot(1).frames.length, 3);
});

test("one place of a script that was changed between two processes is two, with a map each", () => {
  const changed = [1_000, 1_000, 2_000];
  const builder = new ProfileBuilder(FACTS, 0, DEFAULT_LIMITS, () => changed.shift());
  const part = emptyWindow(0, {
    scripts: [
      [1, "/app/a.ts"],
      [2, "/app/node_modules/b/b.js"],
    ],
    sourceMaps: [[1, "{}"]],
    frames: [
      [1, 1, "f", 3, 1, 30, 0],
      [2, 2, "g", 4, 1, 40, 0],
    ],
  });
  for (let worker = 0; worker < 3; worker++) builder.addWindow(builder.addWorker(WORKER) ?? 0, part);
  const { frames, sourceMaps } = builder.snapshot(1);
  assert.deepEqual(
    frames.map(({ functionName, changedMs }) => [functionName, changedMs]),
    [
      ["f", 1_000],
      ["g", undefined],
      ["f", 2_000],
    ],
  );
  assert.deepEqual(
    sourceMaps?.map(({ changedMs }) => changedMs),
    [1_000, 2_000],
  );
});

test("of too many maps those of earlier texts go", () => {
  const maps = new SentMaps(10);
  maps.add({ url: "a", changedMs: 1, map: "old a" });
  maps.add({ url: "b", map: "b" });
  maps.add({ url: "a", changedMs: 2, map: "new a" });
  maps.add({ url: "c", changedMs: 1, map: "no room" });
  assert.deepEqual(
    maps.all.map(({ map }) => map),
    ["b", "new a"],
  );
});

test("what was never introduced is unknown, not wrong", () => {
  const builder = builderOf(1);
  builder.addWindow(
    0,
    emptyWindow(0, {
      operations: [[0, "copy", "x"]],
      stacks: [[1, 0, 99]],
      cells: [
        [0, 1, 1, 1],
        [9, 1, 1, 1],
      ],
      samples: [
        [0, 1, 77, 0, 1, 1, 1],
        [9, 1, 1, 0, 5, 5, 5],
      ],
      requests: [[5, 1, 1, []]],
    }),
  );
  const profile = builder.snapshot(1);
  assert.deepEqual(profile.windows[0]?.cells, [[0, 1, 1, 1]]);
  assert.deepEqual(profile.windows[0]?.samples, [[0, 1, 0, 0, 1, 1, 1]]);
  assert.deepEqual(profile.routes[profile.windows[0]?.requests[0]?.[0] ?? -1], {
    method: "",
    route: "(unknown)",
  });
  assert.deepEqual(profile.dropped, { windows: 0, samples: 5, frames: 1 });
});

test("ids that do not count up, and a stack before its caller, are refused", () => {
  const builder = builderOf(1);
  builder.addWindow(0, emptyWindow(0, { scripts: [[2, "/a.js"]] }));
  assert.throws(() => builder.addWindow(0, emptyWindow(1, { scripts: [[2, "/b.js"]] })), RangeError);
  assert.throws(() => builder.addWindow(0, emptyWindow(2, { stacks: [[1, 1, 1]] })), RangeError);
});

test("a window that comes twice counts once", () => {
  const builder = builderOf(1);
  assert.notEqual(builder.addWindow(0, emptyWindow(3)), null);
  assert.equal(builder.addWindow(0, emptyWindow(3)), null);
  assert.equal(builder.snapshot(1).windows.length, 1);
});

test("an earlier snapshot stays as it was", () => {
  const builder = builderOf(1);
  builder.addWindow(0, emptyWindow(0, { routes: [[0, "GET", "/"]] }));
  const before = builder.snapshot(1);
  const copy = structuredClone(before);
  builder.updateWorker(0, { endedMicros: 5 });
  builder.addNotice({ code: "coverage", severity: "info", text: "x" }, 1);
  builder.addWindow(0, emptyWindow(1, { routes: [[1, "GET", "/b"]] }));
  assert.deepEqual(before, copy);
});

test("read again and again while it grows, its windows are those of a recording that is read once", () => {
  const [read, unread] = [0, 1].map(() => builderOf(2, { windowsPerWorker: 16 }));
  assert.ok(read !== undefined && unread !== undefined);
  for (let i = 0; i < 60; i++) {
    // The second worker's windows end earlier than those of the first that came before them.
    for (const worker of [0, 1]) {
      const window = emptyWindow(i, { startMicros: i * 1e6, endMicros: (i + 1 - worker * 0.4) * 1e6 });
      for (const builder of [read, unread]) builder.addWindow(worker, window);
      if (i % 3 > 0) read.snapshot(i * 1e6);
    }
  }
  const { windows } = read.snapshot(60e6);
  const ends = windows.map(({ endMicros }) => endMicros);
  assert.deepEqual(
    ends,
    [...ends].sort((a, b) => a - b),
  );
  assert.deepEqual(windows, unread.snapshot(60e6).windows);
  assert.equal(read.snapshot(60e6).windows, windows);
});

function sum(
  profile: Profile,
  of: (window: ProfileWindow) => readonly CellRow[] | readonly SampleRow[],
  place: number,
) {
  return profile.windows.reduce((all, window) => {
    return all + of(window).reduce((rows, row) => rows + ((row as readonly number[])[place] ?? 0), 0);
  }, 0);
}

test("a recording of any length stays below its bounds, and its sums stay exact", () => {
  const builder = builderOf(1, { windowsPerWorker: 16 });
  const seconds = 500;
  for (let i = 0; i < seconds; i++) {
    builder.addWindow(
      0,
      emptyWindow(i, {
        endMicros: (i + 1) * 1e6,
        operations: i === 0 ? [[0, "copy", "x"]] : [],
        routes: i === 0 ? [[0, "GET", "/"]] : [],
        cells: [[0, i % 3, 1, 10]],
        samples: [[0, i % 3, 0, 0, 1, 1, 10]],
        requests: [[0, 2, 7, [[i % 5, 2]]]],
        gc: [["minor", 1, 50]],
      }),
    );
  }
  const profile = builder.snapshot(seconds * 1e6);
  assert.ok(profile.windows.length <= 16, `${profile.windows.length} windows`);
  assert.equal(
    sum(profile, (window) => window.cells, 2),
    seconds,
  );
  assert.equal(
    sum(profile, (window) => window.cells, 3),
    seconds * 10,
  );
  assert.equal(
    sum(profile, (window) => window.samples, 4),
    seconds,
  );
  let requests = 0;
  let buckets = 0;
  let collections = 0;
  let voluntary = 0;
  for (const window of profile.windows) {
    for (const [, count, , histogram] of window.requests) {
      requests += count;
      for (const [, entries] of histogram) buckets += entries;
    }
    for (const [, count] of window.gc) collections += count;
    voluntary += window.thread.voluntary ?? 0;
  }
  assert.deepEqual(
    { requests, buckets, collections, voluntary },
    {
      requests: seconds * 2,
      buckets: seconds * 2,
      collections: seconds,
      voluntary: seconds,
    },
  );
});

test("too many sample rows cost the thin ones, counted", () => {
  const builder = builderOf(1, { samplesPerWorker: 1_000 });
  let sequence = 0;
  for (let window = 0; window < 8; window++) {
    const samples: SampleRow[] = Array.from({ length: 400 }, (_, i) => [0, 1, 0, 0, i === 7 ? 100 : 1, 1, 1]);
    const stacks = Array.from(
      { length: 400 },
      (_, i) => [window * 400 + i + 1, 0, window * 400 + i + 1] as const,
    );
    builder.addWindow(
      0,
      emptyWindow(sequence++, {
        operations: window === 0 ? [[0, "copy", "x"]] : [],
        scripts: window === 0 ? [[1, "/a.js"]] : [],
        frames: stacks.map(([id]) => [id, 1, `f${id}`, id, 1, 0, 0] as const),
        stacks,
        samples: samples.map((row, i) => [row[0], row[1], stacks[i]?.[0] ?? 0, 0, row[4], 1, 1] as const),
      }),
    );
  }
  const profile = builder.snapshot(1);
  const kept = sum(profile, (window) => window.samples, 4);
  const rows = profile.windows.reduce((all, window) => all + window.samples.length, 0);
  assert.ok(rows <= 1_000, `${rows} rows`);
  assert.equal(kept + profile.dropped.samples, 8 * 499);
  assert.ok(kept >= 800, "each window's heaviest row is kept");
});

test("many workers together stay within what can be written and read again, and lose no request", () => {
  const workers = 40;
  const builder = builderOf(workers, { windows: 400, rows: 4_000 });
  for (let at = 0; at < 100; at++) {
    for (let worker = 0; worker < workers; worker++) {
      const first =
        at === 0 ? { routes: [[0, "GET", "/"] as const], operations: [[0, "copy", "x"] as const] } : {};
      builder.addWindow(
        worker,
        emptyWindow(at, {
          ...first,
          endMicros: (at + 1) * 1e6,
          cells: [[0, 1, 1, 1]],
          requests: [[0, 2, 2, [[worker, 2]]]],
        }),
      );
    }
  }
  const profile = builder.snapshot(1e9);
  assert.ok(profile.windows.length <= 401, `${profile.windows.length} windows`);
  assert.equal(
    profile.windows.flatMap(({ requests }) => requests).reduce((all, [, count]) => all + count, 0),
    workers * 100 * 2,
  );
  assert.equal(
    sum(profile, (window) => window.cells, 3),
    workers * 100,
  );
  assert.deepEqual(profile.dropped, { windows: 0, samples: 0, frames: 0 });
});

test("warm-up and measurement are never joined", () => {
  const windows = [1, 2, 3, 4, 5].map((second) => {
    return { ...emptyWindow(0, { endMicros: second * 1e6 }), worker: 0 } as unknown as ProfileWindow;
  });
  const ends = coalesce(windows, 3e6).map(({ endMicros }) => endMicros / 1e6);
  assert.deepEqual(ends, [2, 3, 5]);
});

test("a figure that one of two windows lacks is lacking in their sum", () => {
  const one = { ...emptyWindow(0, { endMicros: 1e6 }), worker: 0 } as unknown as ProfileWindow;
  const other = { ...one, thread: { ...one.thread, cpuMicros: null } };
  const [joined] = coalesce([one, other], 0);
  assert.equal(joined?.thread.cpuMicros, null);
  assert.equal(joined?.thread.voluntary, 2);
});

test("timed cells stay timed when they are joined with others", () => {
  const windowOf = (cells: readonly CellRow[]) =>
    ({ ...emptyWindow(0, { endMicros: 1e6 }), worker: 0, cells }) as unknown as ProfileWindow;
  const joined = (a: CellRow, b: CellRow) => coalesce([windowOf([a]), windowOf([b])], 0)[0]?.cells;
  assert.deepEqual(joined([0, 3, 10, 50, 4, 80], [0, 3, 10, 50]), [[0, 3, 20, 100, 4, 80]]);
  assert.deepEqual(joined([0, 3, 10, 50, 4, 80], [0, 3, 1, 5, 1, 20]), [[0, 3, 11, 55, 5, 100]]);
  assert.deepEqual(joined([0, 3, 10, 50], [0, 3, 10, 50]), [[0, 3, 20, 100]]);
});

test("workers and notices are bounded", () => {
  const builder = builderOf(0, { workers: 1, notices: 1 });
  assert.equal(builder.addWorker(WORKER), 0);
  assert.equal(builder.addWorker(WORKER), null);
  assert.notEqual(builder.addNotice({ code: "coverage", severity: "info", text: "a" }, 0), null);
  assert.equal(builder.addNotice({ code: "coverage", severity: "info", text: "b" }, 0), null);
});

test("unequal samples stay as good as they were, taken in and joined", () => {
  const builder = builderOf(1);
  const windows = [
    { operations: [[0, "copy", "x"]], samples: [[0, 1, 0, 0, 4, 8, 80, 2]] },
    { samples: [[0, 1, 0, 0, 2, 4, 40]] },
  ] as const;
  for (const [sequence, parts] of windows.entries()) builder.addWindow(0, emptyWindow(sequence, parts));
  const { windows: taken } = builder.snapshot(1e9);
  assert.deepEqual(
    taken.map(({ samples }) => samples),
    [[[0, 1, 0, 0, 4, 8, 80, 2]], [[0, 1, 0, 0, 2, 4, 40]]],
  );
  // 80²/2 and 40²/2 are the sums of the squares.
  assert.deepEqual(coalesce(taken, 0)[0]?.samples, [[0, 1, 0, 0, 6, 12, 120, 14_400 / 4_000]]);
});
