// Unit tests: a profile whose every figure can be worked out by hand becomes the report that says so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce } from "../../src/model/coalesce.ts";
import type { ProfileWindow } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import type { ProcessFigures } from "../../src/protocol/window.ts";
import { APP, KnownProfile, PRICES, START, times } from "./knownProfile.ts";

const PROCESS: ProcessFigures = {
  cpuMicros: 500_000,
  rssBytes: 1,
  heapUsedBytes: 1,
  openConnections: 7,
  threads: [
    ["loop", 1, 90, 10, 0],
    ["pool", 4, 200, 0, 0],
    ["v8", 4, 30, 10, 0],
    ["other", 1, 60, 0, 0],
  ],
};

function near(actual: number | null | undefined, expected: number, within = 1e-9): void {
  assert.ok(
    typeof actual === "number" && Math.abs(actual - expected) <= within * Math.abs(expected),
    `${actual}, expected ${expected}`,
  );
}

/** 100 requests in one second of one worker. */
function one(fill: (known: KnownProfile) => Parameters<KnownProfile["window"]>[2]): KnownProfile {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.window(0, 0, { latencies: times(100, 1_000), ...fill(known) });
  return known;
}

test("totals are the cells' sums; sites are scaled to them, stratum by stratum", () => {
  const known = one((k) => {
    const concat = k.operation("concat", "Buffer.concat");
    const a = k.stack("a.ts:1 a");
    const b = k.stack("b.ts:2 b");
    return {
      cells: [
        [concat, 10, 100, 64_000],
        [concat, 13, 10, 64_000],
      ],
      // Estimates are off by a tenth, up in one class and down in the other: the exact cells decide.
      samples: [
        [concat, 10, a, 0, 30, 82.5, 52_800],
        [concat, 10, b, 0, 10, 27.5, 17_600],
        [concat, 13, b, 0, 9, 9, 57_600],
      ],
    };
  });
  const { totals, hotspots } = toReport(known.profile());
  assert.deepEqual([totals.copies.count, totals.copies.amount, totals.copies.unit], [110, 128_000, "bytes"]);
  near(totals.copies.perRequest, 1_280);
  assert.equal(totals.copies.explained, 1);
  const [first, second] = [hotspots.find((s) => s.line === 1), hotspots.find((s) => s.line === 2)];
  near(first?.amount, 48_000);
  near(second?.amount, 16_000 + 64_000);
  near(second?.count, 25 + 10);
  near(second?.share, 80 / 128);
  // 1 ns a byte at 64 bytes, 0.01 at 6,400, straight in the logarithms: 0.1 at 640.
  near(first?.impactMicrosPerRequest, (48_000 * 0.1) / 1_000 / 100);
  near(second?.impactMicrosPerRequest, (16_000 * 0.1 + 64_000 * 0.01) / 1_000 / 100);
  near(totals.copies.impactMicrosPerRequest, (64_000 * 0.1 + 64_000 * 0.01) / 1_000 / 100);
});

test("a stratum without a sample is nobody's, and said so", () => {
  const known = one((k) => {
    const copy = k.operation("copy", "Buffer.from");
    const a = k.stack("a.ts:1 a");
    return {
      cells: [
        [copy, 10, 100, 75_000],
        [copy, 5, 1_000, 25_000],
      ],
      samples: [[copy, 10, a, 0, 20, 100, 75_000]],
    };
  });
  const { totals, hotspots } = toReport(known.profile());
  near(totals.copies.explained, 0.75);
  const unknown = hotspots.find((spot) => spot.file === "");
  assert.deepEqual(
    [unknown?.line, unknown?.function, unknown?.callee, unknown?.amount],
    [0, "(unknown)", "Buffer.from", 25_000],
  );
  assert.deepEqual(unknown?.stack, []);
  near(
    hotspots.reduce((sum, spot) => sum + spot.share, 0),
    1,
  );
});

test("certainty: exact, ± and none below five samples", () => {
  const known = one((k) => {
    const operation = (callee: string) => k.operation("copy", callee);
    const [every, some, few] = [
      operation("Buffer.from"),
      operation("TypedArray.slice"),
      operation("TypedArray.set"),
    ];
    const a = k.stack("a.ts:1 a");
    const b = k.stack("b.ts:2 b");
    return {
      cells: [
        [every, 10, 3, 3_000],
        [some, 10, 1_000, 1_000_000],
        [few, 10, 1_000, 1_000_000],
      ],
      samples: [
        [every, 10, a, 0, 3, 3, 3_000],
        [some, 10, a, 0, 100, 1_000, 1_000_000],
        [few, 10, a, 0, 4, 500, 500_000],
        [few, 10, b, 0, 4, 500, 500_000],
      ],
    };
  });
  const spots = toReport(known.profile()).hotspots;
  const of = (callee: string) => spots.filter((spot) => spot.callee === callee);
  assert.deepEqual(
    of("Buffer.from").map((s) => [s.confidence, s.relativeError, s.samples]),
    [["exact", 0, 3]],
  );
  const [all] = of("TypedArray.slice");
  assert.equal(all?.confidence, "sampled");
  // All 100 samples on one line: small, and not nothing. p = 102/104, a tenth of the events was sampled.
  near(all?.relativeError, (1.96 + 2.4 / 99) * Math.sqrt(((102 / 104) * (2 / 104) * 0.9) / 100), 1e-6);
  assert.deepEqual(
    of("TypedArray.set").map((s) => [s.confidence, s.relativeError]),
    [
      ["sampled", null],
      ["sampled", null],
    ],
  );
});

test("lock waits cost their own duration, even where nothing was calibrated", () => {
  const known = one((k) => {
    const wait = k.operation("wait", "Mutex.acquire");
    const copy = k.operation("copy", "Buffer.from");
    const waiter = k.stack("async-mutex/lib/Mutex.js:24 Mutex.acquire", "place.ts:19 placeOrder");
    const holder = k.stack("place.ts:26 placeOrder");
    const other = k.stack("retry.ts:30 retry");
    return {
      cells: [
        [wait, 9, 100, 40_000],
        [copy, 10, 100, 100_000],
      ],
      samples: [
        [wait, 9, waiter, holder, 30, 60, 24_000],
        [wait, 9, waiter, other, 10, 20, 8_000],
        [wait, 9, waiter, 0, 10, 20, 8_000],
      ],
    };
  });
  const { totals, hotspots } = toReport(known.profile({ calibration: null }));
  near(totals.locks.impactMicrosPerRequest, 400);
  near(totals.locks.explained, 0.8);
  assert.equal(totals.copies.impactMicrosPerRequest, null);
  const [spot] = hotspots;
  assert.deepEqual([spot?.category, spot?.callee, spot?.unit], ["locks", "Mutex.acquire", "micros"]);
  near(spot?.impactMicrosPerRequest, 400);
  assert.deepEqual(spot?.holder, { file: `${APP}/place.ts`, line: 26, column: 3, function: "placeOrder" });
  const copies = hotspots.find((other) => other.category === "copies");
  assert.equal(copies?.impactMicrosPerRequest, null);
  assert.equal(copies?.holder, null);
});

test("switches: the kernel's count, priced a switch; sites by their hand-offs", () => {
  const known = one((k) => {
    const read = k.operation("round trip", "fs.readFile");
    const post = k.operation("hand-off", "postMessage");
    const spawn = k.operation("process", "child_process.spawn");
    const a = k.stack("a.ts:1 a");
    const b = k.stack("b.ts:2 b");
    const c = k.stack("c.ts:3 c");
    return {
      cells: [
        [read, 2, 100, 200],
        [post, 1, 50, 50],
        [spawn, 2, 1, 2],
      ],
      samples: [
        [read, 2, a, 0, 100, 100, 200],
        [post, 1, b, 0, 50, 50, 50],
        [spawn, 2, c, 0, 1, 1, 2],
      ],
      thread: { voluntary: 90, involuntary: 10, loopIterations: 80, loopEvents: 160 },
      process: PROCESS,
    };
  });
  const { totals, hotspots, workers } = toReport(known.profile());
  assert.deepEqual([totals.switches.amount, totals.switches.count], [400, 252]);
  near(totals.switches.impactMicrosPerRequest, (400 * 3) / 100);
  // Loop: 80 of 90 wake-ups; pool: 100 jobs, two sleeps each; V8's 30; 20 preempted; all else unknown.
  near(totals.switches.explained, (80 + 200 + 30 + 20) / 400);
  const impact = (line: number) => hotspots.find((spot) => spot.line === line)?.impactMicrosPerRequest;
  near(impact(1), (100 * 30) / 100);
  near(impact(2), (50 * 20) / 100);
  near(impact(3), 2_000 / 100);
  near(hotspots.find((spot) => spot.line === 1)?.perRequest, 2);
  near(hotspots.find((spot) => spot.line === 1)?.share, 200 / 252);
  assert.equal(workers[0]?.eventsPerWakeup, 2);
});

test("where hand-offs are not measured, it is not known what explains the kernel's switches", () => {
  const known = one((k) => {
    k.operation("copy", "Buffer.from");
    return {
      thread: { voluntary: 90, involuntary: 10, loopIterations: 80, loopEvents: 160 },
      process: PROCESS,
    };
  });
  const { count, amount, explained } = toReport(known.profile()).totals.switches;
  assert.deepEqual([count, amount, explained], [null, 400, null]);
});

test("no class of threads explains more switches than it had", () => {
  const known = one((k) => {
    const read = k.operation("round trip", "fs.readFile");
    return {
      cells: [[read, 2, 100_000, 200_000]],
      thread: { voluntary: 90, involuntary: 10, loopIterations: 5_000, loopEvents: 1 },
      process: PROCESS,
    };
  });
  near(toReport(known.profile()).totals.switches.explained, (90 + 200 + 30 + 20) / 400);
});

test("allocation: bytes by price, collections by their pauses, shared by bytes", () => {
  const known = one((k) => {
    const heap = k.operation("objects", "");
    const off = k.operation("buffers", "Buffer.alloc");
    const a = k.stack("a.ts:10 a");
    const inside = k.stack("lib/lib/index.js:5 make", "a.ts:10 a");
    const b = k.stack("b.ts:20 b");
    return {
      cells: [
        [heap, 7, 1_000, 80_000],
        [heap, 20, 1, 20_000],
        [off, 13, 10, 100_000],
      ],
      // In other size classes than the total, and from a short window only.
      samples: [
        [heap, 5, a, 0, 30, 100, 3_000],
        [heap, 6, inside, 0, 10, 20, 1_000],
        [heap, 9, b, 0, 10, 2, 1_000],
        [off, 13, b, 0, 10, 10, 100_000],
      ],
      gc: [
        ["minor", 3, 600],
        ["major", 1, 400],
      ],
      thread: { allocatedBytes: 100_000 },
    };
  });
  const { totals, hotspots, gc } = toReport(known.profile());
  assert.equal(totals.allocations.amount, 200_000);
  near(totals.allocations.impactMicrosPerRequest, (100_000 * 0.0005 + 100_000 * 0.00025 + 1_000) / 100);
  assert.equal(totals.allocations.explained, 1);
  const a = hotspots.find((spot) => spot.line === 10);
  assert.equal(
    hotspots.filter((spot) => spot.line === 10).length,
    1,
    "a function is one site, whatever it calls",
  );
  near(a?.amount, 80_000);
  near(a?.impactMicrosPerRequest, (80_000 * 0.0005 + 1_000 * 0.8) / 100);
  assert.equal(a?.kept, null);
  assert.equal(a?.pauses?.fullBasis, "bytes");
  const buffers = hotspots.find((spot) => spot.kind === "buffers");
  near(buffers?.impactMicrosPerRequest, (100_000 * 0.00025) / 100);
  assert.equal(buffers?.pauses, undefined);
  assert.deepEqual(
    gc.map(({ kind, count, micros }) => [kind, count, micros]),
    [
      ["minor", 3, 600],
      ["major", 1, 400],
      ["incremental", 0, 0],
      ["weak", 0, 0],
    ],
  );
});

test("what stays is told apart from garbage, and pays for the collections of the whole heap", () => {
  const known = one((k) => {
    const heap = k.operation("objects", "");
    const a = k.stack("a.ts:10 a");
    const b = k.stack("b.ts:20 b");
    const c = k.stack("c.ts:30 c");
    return {
      cells: [[heap, 7, 1_000, 100_000]],
      samples: [
        [heap, 5, a, 0, 300, 100, 30_000],
        [heap, 6, b, 0, 690, 20, 69_000],
        [heap, 6, c, 0, 10, 2, 1_000],
      ],
      // In a while in which 50,000 bytes were allocated: a's 15,000, of which 12,000 stay, and b's 34,500, of which 3,000 do.
      heapKept: [
        50_000,
        [
          [a, 120, 12_000],
          [b, 30, 3_000],
        ],
      ],
      gc: [
        ["minor", 3, 600],
        ["major", 1, 300],
        ["incremental", 1, 75],
        ["weak", 1, 25],
      ],
    };
  });
  const { hotspots } = toReport(known.profile());
  const at = (line: number) => hotspots.find((spot) => spot.line === line);
  near(at(10)?.kept?.share, 0.8);
  near(at(10)?.kept?.bytesPerRequest, 24_000 / 100);
  near(at(10)?.kept?.relativeError, Math.hypot(1.96 / Math.sqrt(120), at(10)?.relativeError ?? 0));
  near(at(20)?.kept?.share, 6_000 / 69_000);
  assert.equal(at(30)?.kept, null, "five samples would be seen if all were kept");
  near(at(10)?.pauses?.youngMicrosPerRequest, (600 * 0.3) / 100);
  near(at(10)?.pauses?.fullMicrosPerRequest, (400 * 0.8) / 100);
  near(at(20)?.pauses?.fullMicrosPerRequest, (400 * 0.2) / 100);
  assert.equal(at(20)?.pauses?.fullBasis, "kept bytes");
  const all = hotspots.reduce(
    (sum, { pauses }) => sum + (pauses?.youngMicrosPerRequest ?? 0) + (pauses?.fullMicrosPerRequest ?? 0),
    0,
  );
  near(all, 1_000 / 100);
});

test("memory off the heap that nobody was seen to make is told", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const off = known.operation("buffers", "Buffer.alloc");
  // A thread of its own makes its own.
  known.worker({ threadId: 1, role: "thread" });
  const made = (uncountedOffHeapBytes: number) => ({ thread: { uncountedOffHeapBytes } });
  known.window(0, 0, { latencies: times(20, 1_000), ...made(0) });
  known.window(0, 1, { ...made(30_000), cells: [[off, 13, 1, 8_000]] });
  known.window(1, 1, { ...made(10_000), cells: [[off, 13, 1, 2_000]] });
  const { offHeap } = toReport(known.profile());
  assert.deepEqual(offHeap, { countedBytes: 10_000, unexplainedBytes: 40_000, unexplainedPerRequest: 2_000 });
  // Windows that are made one keep it.
  const profile = known.profile();
  const [first, second, other] = profile.windows as [ProfileWindow, ProfileWindow, ProfileWindow];
  const windows = [...coalesce([first, second], 0), other];
  assert.equal(windows.length, 2);
  assert.equal(toReport({ ...profile, windows }).offHeap?.unexplainedBytes, 40_000);
  // What clones made is counted where they were asked for, and grew elsewhere.
  known.operation("clone", "Worker.postMessage");
  const cloned = known.operation("buffers", "Worker.postMessage");
  known.window(0, 2, { cells: [[cloned, 13, 1, 9_000]] });
  const beside = toReport(known.profile()).offHeap;
  assert.deepEqual([beside?.countedBytes, beside?.unexplainedBytes], [19_000, 31_000]);
  const earlier = new KnownProfile();
  earlier.worker();
  earlier.window(0, 0, { cells: [[earlier.operation("buffers", "Buffer.alloc"), 13, 1, 8_000]] });
  assert.equal(toReport(earlier.profile()).offHeap?.unexplainedBytes, null);
  const without = new KnownProfile();
  without.worker();
  without.window(0, 0, {});
  assert.equal(toReport(without.profile()).offHeap, null);
});

test("a worker thread's heap window says nothing of the loop's lines, whose window was in the warm-up", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.worker({ role: "thread", threadId: 1 });
  const heap = known.operation("objects", "");
  const a = known.stack("a.ts:10 a");
  const b = known.stack("b.ts:20 b");
  known.window(0, 0, { latencies: times(10, 1_000), samples: [[heap, 7, a, 0, 30, 9, 900]] });
  known.window(0, 1, { latencies: times(10, 1_000), cells: [[heap, 7, 1, 8_000]] });
  known.window(1, 1, { cells: [[heap, 7, 1, 2_000]], samples: [[heap, 7, b, 0, 30, 9, 900]] });
  const { hotspots } = toReport(known.profile({ measureFromMicros: START + 1_000_000 }));
  near(hotspots.find((spot) => spot.line === 10)?.amount, 8_000);
  near(hotspots.find((spot) => spot.line === 20)?.amount, 2_000);
});

test("allocation is held against V8's own count where it is larger", () => {
  const known = one((k) => {
    const heap = k.operation("objects", "");
    const a = k.stack("a.ts:10 a");
    return {
      cells: [[heap, 7, 1, 60_000]],
      samples: [[heap, 7, a, 0, 30, 100, 3_000]],
      thread: { allocatedBytes: 80_000 },
    };
  });
  near(toReport(known.profile()).totals.allocations.explained, 0.75);
});

test("a span without a heap window takes its shares from the others, and says that they are inferred", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const heap = known.operation("objects", "");
  const a = known.stack("a.ts:10 a");
  known.window(0, 0, {
    latencies: times(10, 1_000),
    cells: [[heap, 7, 1, 5_000]],
    samples: [[heap, 7, a, 0, 30, 9, 900]],
  });
  known.window(0, 1, { latencies: times(10, 1_000), cells: [[heap, 7, 1, 7_000]] });
  const later = toReport(known.profile(), { fromMicros: START + 1_000_000 });
  assert.deepEqual(
    later.hotspots.map(({ line, amount, confidence }) => [line, amount, confidence]),
    [[10, 7_000, "inferred"]],
  );
  assert.equal(toReport(known.profile()).hotspots[0]?.confidence, "sampled");
});

test("a heap window in the warm-up serves what is measured right after it, with its statistical error", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const heap = known.operation("objects", "");
  const a = known.stack("a.ts:10 a");
  known.window(0, 0, {
    latencies: times(10, 1_000),
    cells: [[heap, 7, 1, 5_000]],
    samples: [[heap, 7, a, 0, 30, 9, 900]],
  });
  known.window(0, 1, { latencies: times(10, 1_000), cells: [[heap, 7, 1, 7_000]] });
  known.window(0, 2, { latencies: times(10, 1_000), cells: [[heap, 7, 1, 9_000]] });
  const profile = { ...known.profile(), measureFromMicros: START + 1_000_000 };
  const of = (report: ReturnType<typeof toReport>) =>
    report.hotspots.map(({ line, amount, confidence, relativeError }) => [
      line,
      amount,
      confidence,
      (relativeError ?? 0) > 0,
    ]);
  assert.deepEqual(of(toReport(profile)), [[10, 16_000, "sampled", true]]);
  const later = toReport(profile, { fromMicros: START + 2_000_000 });
  assert.deepEqual(of(later), [[10, 9_000, "inferred", true]]);
});

test("unavailable is null, never 0; measured and none is 0", () => {
  const known = one((k) => {
    k.operation("copy", "Buffer.from");
    return {};
  });
  const { totals, processorMicrosPerRequest, selfOverhead, workers } = toReport(known.profile());
  assert.deepEqual(
    [totals.copies.amount, totals.copies.impactMicrosPerRequest, totals.copies.explained],
    [0, 0, null],
  );
  for (const category of ["switches", "allocations", "locks"] as const) {
    const { count, amount, perRequest, impactMicrosPerRequest, explained } = totals[category];
    assert.deepEqual(
      [count, amount, perRequest, impactMicrosPerRequest, explained],
      [null, null, null, null, null],
      category,
    );
  }
  assert.equal(processorMicrosPerRequest, null);
  assert.equal(selfOverhead.share, null);
  const [worker] = workers;
  assert.deepEqual(
    [worker?.cpuMs, worker?.voluntary, worker?.runQueueMs, worker?.connections, worker?.eventsPerWakeup],
    [null, null, null, null, null],
  );
});

test("without requests nothing is per request", () => {
  const known = new KnownProfile();
  known.worker();
  const copy = known.operation("copy", "Buffer.from");
  const a = known.stack("a.ts:1 a");
  known.window(0, 0, {
    cells: [[copy, 10, 9, 9_000]],
    samples: [[copy, 10, a, 0, 9, 9, 9_000]],
    process: PROCESS,
  });
  const report = toReport(known.profile());
  assert.deepEqual(
    [
      report.totals.copies.amount,
      report.totals.copies.perRequest,
      report.totals.copies.impactMicrosPerRequest,
    ],
    [9_000, null, null],
  );
  assert.deepEqual(
    [report.hotspots[0]?.perRequest, report.hotspots[0]?.impactMicrosPerRequest, report.hotspots[0]?.share],
    [null, null, 1],
  );
  assert.deepEqual(
    [report.requests.p50Micros, report.requests.meanMicros, report.balance, report.processorMicrosPerRequest],
    [null, null, null, null],
  );
});

test("an empty profile has a report", () => {
  const report = toReport(new KnownProfile().profile());
  assert.deepEqual(
    [report.durationMs, report.hotspots, report.workers, report.requests.perSecond],
    [0, [], [], 0],
  );
});

test("processor time leaves Darcy's own out, and shows it", () => {
  const known = one(() => ({
    process: PROCESS,
    own: { stackMicros: 4_000, windowMicros: 6_000, stacks: 50 },
  }));
  const { processorMicrosPerRequest, selfOverhead } = toReport(known.profile());
  near(processorMicrosPerRequest, 490_000 / 100);
  near(selfOverhead.share, 0.02);
  near(selfOverhead.microsPerRequest, 100);
  near(selfOverhead.stacksPerSecond, 50);
});

test("warm-up and scope: a window counts where it ends", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  for (let at = 0; at < 5; at++) known.window(0, at, { latencies: times(10 ** at, 1_000) });
  const second = 1_000_000;
  const profile = known.profile({ measureFromMicros: START + second });
  const total = (options: { fromMicros?: number; toMicros?: number }) =>
    toReport(profile, options).requests.total;
  assert.equal(total({}), 11_110);
  assert.equal(total({ fromMicros: START }), 11_110, "warm-up never counts");
  assert.equal(total({ fromMicros: START + 2 * second, toMicros: START + 4 * second }), 1_100);
  const report = toReport(profile, { fromMicros: START + 2 * second, toMicros: START + 4 * second });
  assert.deepEqual([report.durationMs, report.requests.perSecond, report.warmupMs], [2_000, 550, 1_000]);
});

test("latencies: mean exact, quantiles within a bucket, routes by requests", () => {
  const known = new KnownProfile();
  const [get, post] = [known.route("GET", "/a"), known.route("POST", "/b")];
  known.worker();
  known.worker();
  known.window(0, 0, { route: get, latencies: [...times(98, 1_000), 50_000, 50_000] });
  known.window(1, 0, { route: post, latencies: times(300, 2_000) });
  const { requests } = toReport(known.profile());
  assert.deepEqual([requests.total, requests.perSecond], [400, 400]);
  near(requests.meanMicros, (98_000 + 100_000 + 600_000) / 400);
  near(requests.p50Micros, 2_000, 0.032);
  near(requests.p99Micros, 2_000, 0.032);
  assert.deepEqual(
    requests.routes.map(({ method, route, count }) => [method, route, count]),
    [
      ["POST", "/b", 300],
      ["GET", "/a", 100],
    ],
  );
  near(requests.routes[1]?.p99Micros, 50_000, 0.032);
});

test("workers: a service beside its gateway is told apart, and no part of the gateway's balance", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.worker({ peer: 0, pid: 300, port: 3100 });
  known.worker({ peer: 2 });
  known.worker({ peer: 1 });
  for (const [worker, requests] of [100, 300, 100, 100].entries())
    known.window(worker, 0, { latencies: times(requests, 1_000) });
  const report = toReport(known.profile({ topology: "reuse" }));
  assert.deepEqual(
    report.workers.map(({ id, port }) => [id, port]),
    [
      [0, undefined],
      [0, 3100],
      [2, undefined],
      [1, undefined],
    ],
  );
  assert.equal(report.balance, 0);
});

test("workers: a server that came back on another port is the same server", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  for (const [port, startedMicros, endedMicros] of [
    [3000, START, START + 1_000_000],
    [3100, START + 1_000_000, null],
  ] as const)
    for (const peer of [0, 1]) known.worker({ peer, pid: port + peer, port, startedMicros, endedMicros });
  for (let worker = 0; worker < 4; worker++)
    known.window(worker, worker < 2 ? 0 : 1, { latencies: times(10, 1_000) });
  const report = toReport(known.profile({ topology: "reuse" }));
  assert.ok(report.workers.every(({ port }) => port === undefined));
});

test("workers: rows of the scope, spread by worker, balance over peers with their restarts", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  known.worker({ endedMicros: START + 1_000_000 });
  known.worker({ peer: 1, pid: 201, startedMicros: START + 1_000_000 });
  known.worker({ peer: 0, threadId: 1, role: "thread" });
  const copy = known.operation("copy", "Buffer.from");
  const a = known.stack("a.ts:1 a");
  const copies = (count: number) =>
    ({
      cells: [[copy, 10, count, count * 1_000]],
      samples: [[copy, 10, a, 0, count, count, count * 1_000]],
    }) as const;
  known.window(0, 0, {
    latencies: times(60, 1_000),
    process: PROCESS,
    thread: { loopActiveMicros: 500_000, runQueueMicros: 9_000 },
    ...copies(30),
  });
  known.window(1, 0, { latencies: times(10, 1_000), ...copies(10) });
  known.window(2, 1, { latencies: times(10, 1_000) });
  known.window(3, 0, { thread: { cpuMicros: 250_000 } });
  const report = toReport(known.profile());
  assert.deepEqual(
    report.workers.map(({ id, pid, role, requests, cpuMs }) => [id, pid, role, requests, cpuMs]),
    [
      [0, 100, "peer", 60, 500],
      [1, 101, "peer", 10, null],
      [1, 201, "peer", 10, null],
      [0, 103, "thread", 0, 250],
    ],
  );
  assert.deepEqual(
    [report.workers[0]?.loopUtilization, report.workers[0]?.runQueueMs, report.workers[0]?.connections],
    [0.5, 9, 7],
  );
  // 60 and 20 requests: mean 40, standard deviation 20.
  near(report.balance, 0.5);
  assert.deepEqual(report.hotspots[0]?.byWorker, [30_000, 10_000, 0, 0]);
  const later = toReport(known.profile(), { fromMicros: START + 1_000_000 });
  assert.deepEqual(
    later.workers.map(({ pid }) => pid),
    [201],
  );
});

test("hotspots rank by impact over all four; those without a price come last", () => {
  const known = one((k) => {
    const wait = k.operation("wait", "Mutex.acquire");
    const clone = k.operation("clone", "structuredClone");
    const a = k.stack("a.ts:1 a");
    return {
      cells: [
        [wait, 9, 10, 4_000],
        [clone, 10, 10, 10_000],
      ],
      samples: [
        [wait, 9, a, a, 10, 10, 4_000],
        [clone, 10, a, 0, 10, 10, 10_000],
      ],
    };
  });
  const kinds = (calibration: typeof PRICES | null) =>
    toReport(known.profile({ calibration })).hotspots.map(({ kind }) => kind);
  // 4 ns a byte: 40 µs of cloning; 4,000 µs of waiting.
  assert.deepEqual(kinds(PRICES), ["wait", "clone"]);
  assert.deepEqual(
    kinds({
      ...PRICES,
      copies: { ...PRICES.copies, clone: [{ bytes: 1, nanosPerByte: { median: 4_000, low: 1, high: 1 } }] },
    }),
    ["clone", "wait"],
  );
  assert.deepEqual(kinds(null), ["wait", "clone"]);
  assert.equal(toReport(known.profile(), { top: 1 }).hotspots.length, 1);
  assert.equal(toReport(known.profile(), { top: 0 }).hotspots.length, 0);
});

test("the report does not change the profile, and two of them are alike", () => {
  const known = one((k) => {
    const copy = k.operation("copy", "Buffer.from");
    return { cells: [[copy, 10, 9, 9_000]], samples: [[copy, 10, k.stack("a.ts:1 a"), 0, 9, 9, 9_000]] };
  });
  const profile = known.profile();
  const before = structuredClone(profile);
  const first = toReport(profile);
  assert.deepEqual(toReport(profile), first);
  assert.deepEqual(profile, before);
});

test("a class of waits without a sample joins its operation; one of copies stays unknown", () => {
  const known = new KnownProfile();
  const wait = known.operation("wait", "Mutex.acquire");
  const copy = known.operation("copy", "Buffer.copy");
  const waiter = known.stack("place.ts:19 placeOrder");
  known.window(known.worker(), 0, {
    latencies: times(100, 1_000),
    cells: [
      [wait, 10, 90, 90_000],
      [wait, 14, 2, 20_000],
      [copy, 10, 90, 90_000],
      [copy, 14, 2, 20_000],
    ],
    samples: [
      [wait, 10, waiter, 0, 9, 90, 90_000],
      [copy, 10, waiter, 0, 9, 90, 90_000],
    ],
  });
  const amounts = toReport(known.profile()).hotspots.map(({ category, line, amount }) => [
    category,
    line,
    Math.round(amount),
  ]);
  assert.deepEqual(amounts.sort(), [
    ["copies", 0, 20_000],
    ["copies", 19, 90_000],
    ["locks", 19, 110_000],
  ]);
});

test("what is made off the heap beyond the Buffers counted is not explained", () => {
  const known = new KnownProfile();
  const buffers = known.operation("buffers", "Buffer.alloc");
  const line = known.stack("a.ts:1 a");
  const worker = known.worker();
  const cells = [[buffers, 11, 100, 100_000]] as const;
  const samples = [[buffers, 11, line, 0, 100, 100, 100_000]] as const;
  const made = (uncountedOffHeapBytes: number) => ({ thread: { uncountedOffHeapBytes } });
  known.window(worker, 0, { latencies: times(100, 1_000), cells, samples, ...made(0) });
  known.window(worker, 1, { cells, samples, ...made(300_000) });
  near(toReport(known.profile()).totals.allocations.explained, 0.4);
});

test("what no sample names a line for is never called exact", () => {
  const known = one((k) => ({ cells: [[k.operation("copy", "Buffer.copy"), 10, 100, 64_000]] }));
  const [unknown] = toReport(known.profile()).hotspots;
  assert.deepEqual(
    [unknown?.file, unknown?.samples, unknown?.relativeError, unknown?.confidence],
    ["", 0, null, "sampled"],
  );
});

test("a server's own cluster: its processes have ids of their own, those that serve are its workers", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  const ended = START + 3_000_000;
  // The primary, two workers, a successor of the second, a thread of the first, and some other process.
  known.worker({ peer: 0, pid: 100 });
  known.worker({ peer: 0, pid: 101 });
  known.worker({ peer: 0, pid: 102, endedMicros: ended });
  known.worker({ peer: 0, pid: 103, startedMicros: ended - 100_000 });
  known.worker({ peer: 0, pid: 101, threadId: 1, role: "thread" });
  known.worker({ peer: 0, pid: 104, role: "child" });
  [0, 300, 100, 200, 0, 0].forEach((requests, at) => {
    known.window(at, 5, { latencies: times(requests, 1_000) });
  });
  const told = (topology: "single" | "handle") => {
    const { workers, balance } = toReport(known.profile({ topology }));
    return { workers: workers.map(({ id, role }) => `${id} ${role}`), balance };
  };
  const { workers, balance } = told("single");
  assert.deepEqual(workers, ["0 child", "1 peer", "2 peer", "2 peer", "1 thread", "0 child"]);
  assert.equal(balance, 0);
  assert.deepEqual(told("handle").workers.slice(0, 4), ["0 peer", "0 peer", "0 peer", "0 peer"]);
});

test("a server alone that was started anew is one worker, also where the first of it served nothing", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker({ peer: 0, pid: 100, endedMicros: START + 3_000_000 });
  known.worker({ peer: 0, pid: 101, startedMicros: START + 3_500_000 });
  known.window(0, 1);
  known.window(1, 4, { latencies: times(100, 1_000) });
  const { workers, balance } = toReport(known.profile({ topology: "single" }));
  assert.deepEqual([workers.map(({ id, role }) => `${id} ${role}`), balance], [["0 peer", "0 peer"], null]);
});

test("threads by class: the most of each process, counts summed; how many wanted to run", () => {
  const known = new KnownProfile();
  known.worker();
  known.worker();
  const process = (cpuMicros: number, threads: ProcessFigures["threads"]): ProcessFigures => ({
    cpuMicros,
    rssBytes: 1,
    heapUsedBytes: 1,
    openConnections: 0,
    threads,
  });
  known.window(0, 0, {
    process: process(600_000, [
      ["pool", 2, 10, 1, 50_000],
      ["loop", 1, 5, 2, 100_000],
    ]),
  });
  known.window(1, 0, {
    process: process(800_000, [
      ["loop", 1, 7, 0, 50_000],
      ["pool", 4, 20, 0, 0],
    ]),
  });
  known.window(0, 1, {
    process: process(1_400_000, [
      ["loop", 1, 1, 0, 0],
      ["pool", 4, 1, 1, 0],
    ]),
  });
  known.window(1, 1, { process: process(200_000, [["loop", 1, 2, 0, 0]]) });
  const report = toReport(known.profile());
  assert.deepEqual(report.threads, [
    { class: "loop", threads: 2, voluntary: 15, involuntary: 2, runQueueMs: 150 },
    { class: "pool", threads: 8, voluntary: 31, involuntary: 2, runQueueMs: 50 },
  ]);
  assert.equal(report.runnableThreads, 1.6);
  assert.equal(report.availableCores, 2);
  assert.equal(toReport(known.profile({ availableCores: 1.5 })).availableCores, 1.5);
});
