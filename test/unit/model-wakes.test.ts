// Unit tests: what wakes a loop, of windows whose causes are known by construction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../src/model/coalesce.ts";
import { formatWakes, sumWakes } from "../../src/model/formatThreads.ts";
import { toReport } from "../../src/model/report.ts";
import type { WakeCause, WakesReport } from "../../src/protocol/loops.ts";
import type { ProcessFigures } from "../../src/protocol/window.ts";
import { KnownProfile, times } from "./knownProfile.ts";

const loop = (voluntary: number, turns: number, events: number, waiting: number) => ({
  voluntary,
  involuntary: 0,
  loopIterations: turns,
  loopEvents: events,
  loopEventsWaiting: waiting,
});
const process = (accepted: number): ProcessFigures => ({
  cpuMicros: 1,
  rssBytes: 1,
  heapUsedBytes: 1,
  openConnections: 0,
  accepted,
  threads: [],
});

type Window = Parameters<KnownProfile["window"]>[2];
/** One thread's second. */
function one(make: (known: KnownProfile) => Window): WakesReport {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.window(0, 0, make(known));
  const wakes = toReport(known.profile()).workers[0]?.wakes;
  assert.ok(wakes);
  return wakes;
}
const byCause = ({ causes }: Pick<WakesReport, "causes">): Partial<Record<WakeCause, number>> =>
  Object.fromEntries(causes.map(({ cause, wakes }) => [cause, Math.round(wakes * 1e6) / 1e6]));

test("turns without an event are timers', Darcy's own left out: two a second", () => {
  const wakes = one(() => ({ thread: loop(200, 200, 0, 0) }));
  assert.deepEqual(byCause(wakes), { timer: 198, Darcy: 2 });
  assert.deepEqual([wakes.count, wakes.perSecond, wakes.explained], [200, 200, 1]);
});

test("a turn that did not sleep is no wake-up", () => {
  assert.deepEqual(byCause(one(() => ({ thread: loop(0, 200, 0, 0) }))), {});
  assert.equal(one(() => ({ thread: loop(0, 200, 0, 0) })).explained, null);
});

test("events are told apart by what is counted; those that were waiting wake nobody", () => {
  const wakes = one((known) => {
    const read = known.operation("round trip", "fs.stat");
    return {
      thread: loop(160, 200, 200, 40),
      latencies: times(100, 1_000),
      cells: [[read, 2, 60, 120]],
      process: process(20),
    };
  });
  // 160 of 200 events ended a sleep: four fifths of each kind. 20 events are nobody's.
  assert.deepEqual(byCause(wakes), { request: 80, "pool job": 48, connection: 16, "other event": 16 });
  assert.deepEqual(
    wakes.causes.map(({ happened }) => happened),
    [100, 60, 20, 20],
  );
  assert.equal(wakes.explained, 0.9);
});

test("several requests or jobs that come as one event share its wake-up", () => {
  const wakes = one((known) => {
    const read = known.operation("round trip", "fs.stat");
    return { thread: loop(50, 50, 50, 0), latencies: times(300, 1_000), cells: [[read, 2, 100, 200]] };
  });
  assert.deepEqual(byCause(wakes), { request: 37.5, "pool job": 12.5 });
  assert.equal(wakes.explained, 1);
});

test("switches beyond the events' are sleeps within a turn, as far as something is known to make them", () => {
  const wakes = one((known) => {
    const hash = known.operation("round trip", "crypto.pbkdf2");
    const blocked = known.operation("blocked", "fs.readFileSync", "blocking");
    return {
      thread: loop(400, 200, 200, 0),
      cells: [
        [hash, 2, 100, 200],
        [blocked, 9, 30, 9_000],
      ],
      gc: [["minor", 10, 500]],
    };
  });
  assert.deepEqual(byCause(wakes), {
    "within a turn": 140,
    "pool job": 100,
    "other event": 100,
    unknown: 60,
  });
  assert.equal(wakes.explained, 0.6);
});

test("messages wake who gets them: worker threads by their events, processes by their parent", () => {
  const known = new KnownProfile();
  known.worker({ pid: 100, peer: 0 });
  known.worker({ pid: 100, peer: 0, threadId: 1, role: "thread", port: null });
  known.worker({ pid: 100, peer: 0, threadId: 2, role: "thread", port: null });
  known.worker({ pid: 101, peer: 0, role: "child", startedMicros: 1_700_000_001_000_000, port: null });
  const post = known.operation("hand-off", "Worker.postMessage");
  const answer = known.operation("hand-off", "MessagePort.postMessage");
  const send = known.operation("hand-off", "process.send");
  known.window(0, 0, {
    thread: loop(90, 90, 90, 0),
    cells: [
      [post, 1, 80, 80],
      [send, 1, 10, 10],
    ],
  });
  known.window(1, 0, { thread: loop(60, 60, 60, 0), cells: [[answer, 1, 60, 60]] });
  known.window(2, 0, { thread: loop(20, 20, 20, 0), cells: [[answer, 1, 20, 20]] });
  known.window(3, 0, { thread: loop(10, 10, 10, 0), cells: [[send, 1, 10, 10]] });
  const { workers } = toReport(known.profile());
  assert.deepEqual(
    workers.map(({ wakes }) => wakes && byCause(wakes)),
    [{ message: 90 }, { message: 60 }, { message: 20 }, { message: 10 }],
  );
  const threads = sumWakes(workers, "threads");
  assert.ok(threads);
  assert.deepEqual([threads.count, threads.perSecond, formatWakes(threads)], [80, 80, "messages 100\u2009%"]);
  assert.equal(sumWakes(workers, "processes")?.count, 100);
});

test("unknown where libuv or the kernel does not count; joined windows keep their sums", () => {
  const known = new KnownProfile();
  known.worker();
  known.window(0, 0, { thread: { voluntary: 10, loopIterations: 10, loopEvents: 10 } });
  known.window(0, 1, { thread: loop(30, 30, 10, 0), process: process(4) });
  known.window(0, 2, { thread: loop(30, 30, 10, 0), process: process(6) });
  const profile = known.profile();
  const [first, ...rest] = profile.windows;
  assert.ok(first);
  const joined = { ...profile, windows: [first, ...coalesce(rest, 0)] };
  assert.equal(joined.windows.length, 2);
  for (const each of [profile, joined]) {
    const wakes = toReport(each).workers[0]?.wakes;
    assert.deepEqual(wakes && byCause(wakes), { timer: 36, connection: 10, "other event": 10, Darcy: 4 });
  }
  assert.equal(toReport({ ...profile, windows: [first] }).workers[0]?.wakes, null);
  assert.equal(sumWakes(toReport({ ...profile, windows: [first] }).workers, "processes"), null);
});

test("turns that immediates made are no timers', as far as something else is known to have slept", () => {
  const wakes = one((known) => {
    const hop = known.operation("hop", "setImmediate");
    return {
      thread: loop(130, 300, 100, 0),
      latencies: times(100, 1_000),
      cells: [[hop, 1, 200, 200]],
      gc: [["minor", 25, 500]],
    };
  });
  assert.deepEqual(byCause(wakes), { request: 100, "within a turn": 25, timer: 3, Darcy: 2 });
});

test("of a loop's switches all are explained but the unknown ones and those by events that are not told apart", () => {
  const known = new KnownProfile();
  known.worker();
  const hash = known.operation("round trip", "crypto.pbkdf2");
  known.window(0, 0, {
    thread: loop(400, 200, 200, 0),
    cells: [[hash, 2, 100, 200]],
    process: { ...process(0), threads: [["loop", 1, 400, 0, 0]] },
  });
  const { totals, workers } = toReport(known.profile());
  // 200 by events, half of them the jobs' ends, and one for each job handed in.
  const causes = workers[0]?.wakes && byCause(workers[0].wakes);
  assert.deepEqual([causes?.unknown, causes?.["other event"]], [100, 100]);
  assert.deepEqual([totals.switches.explained, workers[0]?.wakes?.explained], [0.5, 0.5]);
});

test("while V8 collects the whole heap, its own tasks are taken to be the events that were waiting", () => {
  const wakes = one(() => ({
    thread: loop(90, 400, 400, 310),
    latencies: times(100, 1_000),
    gc: [["incremental", 2, 900]],
  }));
  assert.deepEqual(byCause(wakes), { request: 90 });
  // Windows without such a collection beside it are reckoned by themselves.
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.window(0, 0, {
    thread: loop(90, 400, 400, 310),
    latencies: times(100, 1_000),
    gc: [["major", 1, 900]],
  });
  known.window(0, 1, { thread: loop(100, 200, 200, 100), latencies: times(100, 1_000) });
  const both = toReport(known.profile()).workers[0]?.wakes;
  assert.deepEqual(both && byCause(both), { request: 140, "other event": 50 });
});
