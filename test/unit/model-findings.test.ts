// Unit tests: what is advised, and what is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingToChange } from "../../src/model/findings/nothingToChange.ts";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import type { Finding, Hotspot } from "../../src/protocol/report.ts";
import type { PoolFigures, ProcessFigures } from "../../src/protocol/window.ts";
import { KnownProfile, times } from "./knownProfile.ts";

type Window = NonNullable<Parameters<KnownProfile["window"]>[2]>;

/** 2,000 requests of 1,000 µs each; 800 µs of processor time a request. All four categories measured. */
function findings(
  fill: (known: KnownProfile) => Window,
  workers = 1,
  cores = 2,
  availableCores = cores,
  change: Partial<Profile> = {},
): readonly Finding[] {
  const known = new KnownProfile();
  known.route("GET", "/");
  for (const [kind, callee] of [
    ["copy", "x"],
    ["round trip", "x"],
    ["buffers", "x"],
    ["wait", "x"],
  ] as const)
    known.operation(kind, callee);
  const process: ProcessFigures = {
    cpuMicros: 1_600_000,
    rssBytes: 1,
    heapUsedBytes: 1,
    openConnections: 1,
    threads: [["loop", 1, 1, 0, 0]],
  };
  const window = fill(known);
  for (let worker = 0; worker < workers; worker++) {
    known.worker();
    const { thread, ...rest } = window;
    known.window(worker, 0, {
      latencies: times(2_000, 1_000),
      process,
      ...rest,
      thread: { loopActiveMicros: 800_000, ...thread },
    });
  }
  return toReport(known.profile({ cores, availableCores, ...change })).findings;
}
const ids = (list: readonly Finding[]) => list.map(({ id }) => id);

test("idle loops: not bound by processors here", () => {
  const [first] = findings(() => ({ thread: { loopActiveMicros: 120_000 } }));
  assert.equal(first?.title, "Not bound by processors here: loops 12\u2009% busy");
  assert.equal(first?.claim, "G2");
  assert.deepEqual(
    ids(findings(() => ({ thread: { loopActiveMicros: 300_000 } }))).includes("not-bound"),
    false,
  );
});

test("nothing is worth changing: only when everything is known and settled", () => {
  const small = (known: KnownProfile): Window => {
    const clone = known.operation("clone", "structuredClone");
    return {
      cells: [[clone, 10, 2_000, 2_000_000]],
      samples: [[clone, 10, known.stack("a.ts:1 a"), 0, 2_000, 2_000, 2_000_000]],
    };
  };
  assert.deepEqual(ids(findings(small)), ["nothing-to-change"]);
  assert.deepEqual(ids(findings((known) => ({ ...small(known), latencies: times(900, 1_000) }))), []);
  assert.deepEqual(ids(findings((known) => ({ ...small(known), process: null }))), []);
});

test("nothing is worth changing among more hotspots than a call takes arguments", () => {
  const known = new KnownProfile();
  known.worker();
  known.window(0, 0, { latencies: times(2_000, 1_000) });
  const report = toReport(known.profile({}));
  const { totals } = report;
  const priced = { ...totals.copies, impactMicrosPerRequest: 1 };
  const spot = { share: 0, impactMicrosPerRequest: 1 } as Hotspot;
  const many = {
    ...report,
    processorMicrosPerRequest: 800,
    totals: { copies: priced, switches: priced, allocations: priced, locks: priced },
    hotspots: new Array<Hotspot>(400_000).fill(spot),
  };
  assert.deepEqual(ids(nothingToChange(many, [])), ["nothing-to-change"]);
});

test("joined pieces: once and repeated", () => {
  const joins =
    (count: number) =>
    (known: KnownProfile): Window => {
      const concat = known.operation("concat", "Buffer.concat");
      // 6,000 bytes at about 0.01 ns each would be nothing: many of them.
      const amount = count * 64;
      return {
        cells: [[concat, 7, count, amount]],
        samples: [[concat, 7, known.stack("body.ts:12 read"), 0, 400, count, amount]],
      };
    };
  // 400 joins of 64 bytes at 1 ns a byte: 25.6 µs of 800.
  const [repeated] = findings(joins(800_000));
  assert.deepEqual(
    [repeated?.id, repeated?.claim, repeated?.title],
    ["joined-buffers", "D4", "Join these pieces once."],
  );
  assert.match(repeated?.advice ?? "", /Saves up to 25\.6 µs\/req of processor time\.$/);
  assert.deepEqual(
    repeated?.locations.map(({ line }) => line),
    [12],
  );
  assert.deepEqual(ids(findings(joins(100_000))), ["nothing-to-change"]);
});

test("copies that a view or a transfer may save", () => {
  const copies =
    (kind: "copy" | "clone", callee: string, bytes = 100_000) =>
    (known: KnownProfile): Window => {
      const operation = known.operation(kind, callee);
      const amount = 2_000 * bytes;
      return {
        cells: [[operation, 7, amount / 64, amount]],
        samples: [[operation, 7, known.stack("a.ts:1 a"), 0, 400, 2_000, amount]],
      };
    };
  assert.deepEqual(
    findings(copies("copy", "Buffer.from")).map(({ id, claim }) => [id, claim]),
    [["avoidable-copy", "D3"]],
  );
  for (const kind of ["clone", "copy"] as const)
    assert.match(findings(copies(kind, "MessagePort.postMessage"))[0]?.advice ?? "", /transfer list/);
  assert.deepEqual(ids(findings(copies("copy", "Buffer.copy"))), []);
  // Priced at 2,000 µs of 800 that were measured.
  const dear = findings(copies("copy", "Buffer.from", 2_000_000))[0]?.advice ?? "";
  assert.match(dear, /Saves up to 800 µs\/req of processor time\.$/);
});

test("a clone by way of JSON: as many characters made and read on one line", () => {
  const both =
    (place: string, read: number) =>
    (known: KnownProfile): Window => {
      const made = 2_000 * 100_000;
      const text = known.operation("serialise", "JSON.stringify");
      const value = known.operation("parse", "JSON.parse");
      return {
        cells: [
          [text, 7, 2_000, made],
          [value, 7, 2_000, read],
        ],
        samples: [
          [text, 7, known.stack("a.ts:1 a"), 0, 400, 2_000, made],
          [value, 7, known.stack(place), 0, 400, 2_000, read],
        ],
      };
    };
  const clones = (window: (known: KnownProfile) => Window) =>
    findings(window).filter(({ id }) => id === "json-clone");
  const [found] = clones(both("a.ts:1 a", 2_000 * 100_000));
  assert.deepEqual(
    found?.locations.map(({ line }) => line),
    [1],
  );
  assert.match(found?.advice ?? "", /^Copy the parts that change.* Saves up to .* of processor time\.$/);
  // Another line, and what came in answer to what went out.
  assert.deepEqual(clones(both("a.ts:2 a", 2_000 * 100_000)), []);
  assert.deepEqual(clones(both("a.ts:1 a", 2_000 * 30_000)), []);
});

test("locks: held by the same code or by another, with waiting named", () => {
  const waits =
    (holder: string | null) =>
    (known: KnownProfile): Window => {
      const wait = known.operation("wait", "Mutex.acquire");
      const by = holder === null ? 0 : known.stack(holder);
      return {
        cells: [[wait, 9, 2_000, 800_000]],
        samples: [[wait, 9, known.stack("p.ts:19 place"), by, 400, 2_000, 800_000]],
      };
    };
  const [own] = findings(waits("p.ts:26 place"));
  assert.deepEqual([own?.id, own?.score], ["own-lock", 0.4]);
  assert.match(
    own?.evidence ?? "",
    /1\.0 wait a request at 2,000 req\/s, 400 µs each: 40\u2009% of mean latency/,
  );
  assert.match(own?.advice ?? "", /Saves up to 400 µs\/req of waiting\.$/);
  assert.equal(findings(waits("retry.ts:3 retry"))[0]?.id, "held-elsewhere");
  assert.deepEqual(ids(findings(waits(null))), ["unheld-wait"]);
});

test("one key of a lock has most of the waiting: divide it; of a pool it is only its name", () => {
  const keyed = (kind: "wait" | "pool wait", keys: readonly number[]) => (known: KnownProfile) => {
    const lock = known.operation(kind, "AsyncLock.acquire");
    const waiter = known.stack("order.ts:3 order");
    return {
      cells: [[lock, 10, 2_000, 400_000]] as const,
      samples: [[lock, 10, waiter, waiter, 1_000, 2_000, 400_000]] as const,
      waits: keys.map((amount, at) => [lock, waiter, at + 1, 0, amount, 0, 0, 0] as const),
    };
  };
  const found = (...args: Parameters<typeof keyed>) =>
    findings(keyed(...args), 1, 2, 2, { lockKeys: ["", "stock", "cash", "mail"] });
  const [hot] = found("wait", [300_000, 50_000, 50_000]).filter(({ id }) => id === "hot-key");
  assert.equal(hot?.claim, "L6");
  assert.match(hot?.evidence ?? "", /75\u2009% of it is for the key stock\.$/);
  assert.match(hot?.advice ?? "", /Saves up to 150 µs\/req of waiting/);
  assert.ok(!ids(found("wait", [140_000, 130_000, 130_000])).includes("hot-key"));
  assert.ok(!ids(found("wait", [400_000])).includes("hot-key"));
  assert.ok(!ids(found("pool wait", [300_000, 50_000, 50_000])).includes("hot-key"));
});

test("waits whose holder nobody saw: the loop that blocks, a pool, others; an idle worker thread is none", () => {
  const waits = (
    kind: "wait" | "pool wait",
    callee: string,
    threadId = 0,
    endedBy: string | null = null,
  ): readonly Finding[] => {
    const known = new KnownProfile();
    known.route("GET", "/");
    known.worker();
    known.worker({ peer: 0, pid: 100, threadId: 7, role: "thread" });
    const wait = known.operation(kind, callee);
    known.window(0, 0, { latencies: times(2_000, 1_000) });
    known.window(threadId === 0 ? 0 : 1, 1, {
      cells: [[wait, 9, 2_000, 1_800_000]],
      samples: [
        [
          wait,
          9,
          known.stack("sab.mjs:17"),
          endedBy === null ? 0 : known.stack(endedBy),
          400,
          2_000,
          1_800_000,
        ],
      ],
    });
    return toReport(known.profile()).findings.filter(({ category }) => category === "locks");
  };
  const [blocked, ...more] = waits("wait", "Atomics.wait");
  assert.deepEqual(more, []);
  assert.deepEqual(
    [blocked?.id, blocked?.title, blocked?.score],
    ["blocked-loop", "The event loop blocks here.", 0.9],
  );
  assert.match(
    blocked?.evidence ?? "",
    /1\.0 wait a request at 1,000 req\/s, 900 µs each: 90\u2009% of mean latency/,
  );
  assert.match(blocked?.advice ?? "", /Atomics\.waitAsync.*up to 900 µs\/req of waiting\.$/);
  assert.deepEqual(
    blocked?.locations.map(({ line }) => line),
    [17],
  );
  assert.deepEqual(ids(waits("wait", "Atomics.wait", 7)), []);
  // Also where the line of another thread that ends the wait is known: it need not have held anything.
  const [ended] = waits("wait", "Atomics.wait", 0, "sab.mjs:30");
  assert.equal(ended?.id, "blocked-loop");
  assert.deepEqual(
    ended?.locations.map(({ line }) => line),
    [17, 30],
  );
  assert.deepEqual(ids(waits("wait", "Atomics.wait", 7, "sab.mjs:30")), []);
  assert.match(waits("pool wait", "http.Agent")[0]?.advice ?? "", /maxSockets/);
  assert.deepEqual(ids(waits("wait", "Atomics.waitAsync")), ["unheld-wait"]);
});

/** Requests by peer; the last of a peer's own is its successor's. */
function served(
  counts: readonly (readonly [peer: number, requests: number])[],
  change: Partial<Profile> = {},
) {
  const known = new KnownProfile();
  known.route("GET", "/");
  counts.forEach(([peer, requests], at) => {
    known.worker({ peer, pid: 100 + at });
    known.window(at, 0, { latencies: times(requests, 1_000), thread: { loopActiveMicros: 900_000 } });
  });
  return toReport(known.profile({ topology: "handle", node: "v20.20.2", ...change })).findings;
}

test("workers that got nearly nothing: the figures are of fewer", () => {
  const [idle, ...more] = served([
    [0, 2_000],
    [1, 90],
  ]);
  assert.deepEqual(more, []);
  assert.deepEqual([idle?.id, idle?.title], ["idle-workers", "1 of 2 workers served nearly all requests."]);
  assert.match(idle?.evidence ?? "", /worker 0: 2,000, worker 1: 90 requests/);
  assert.match(idle?.advice ?? "", /describe one worker\..*more connections.*Node 22\.12.*--workers 1/);
  const parted: readonly (readonly [number, number])[] = [
    [0, 2_000],
    [1, 0],
    [2, 1_500],
  ];
  const [reuse] = served(parted, { topology: "reuse", node: "v24.0.0" });
  assert.match(reuse?.advice ?? "", /describe 2 workers\./);
  assert.doesNotMatch(reuse?.advice ?? "", /22\.12/);
  for (const even of [
    [
      [0, 2_000],
      [1, 150],
    ],
    [
      [0, 90],
      [1, 0],
    ],
    // Its successor serves in its stead.
    [
      [0, 2_000],
      [1, 0],
      [1, 1_500],
    ],
  ] as const)
    assert.deepEqual(ids(served(even)), []);
});

test("lines come first, what other programs do comes last", () => {
  const list = findings((known) => {
    const clone = known.operation("clone", "structuredClone");
    const amount = 2_000 * 5_000;
    return {
      cells: [[clone, 10, 2_000, amount]],
      samples: [[clone, 10, known.stack("a.ts:1 a"), 0, 2_000, 2_000, amount]],
      thread: { runQueueMicros: 900_000, loopActiveMicros: 100_000 },
    };
  });
  assert.deepEqual(ids(list), ["avoidable-copy", "not-bound", "crowded-cores"]);
  assert.ok((list[0]?.score ?? 1) < (list[2]?.score ?? 0));
});

test("more loops than cores, or others that use them", () => {
  const delayed = () => ({ thread: { runQueueMicros: 200_000, involuntary: 4_000, voluntary: 1 } });
  const [many] = findings(delayed, 4, 2);
  assert.deepEqual([many?.claim, many?.title], ["C4", "Run at most 2 workers here."]);
  assert.match(
    many?.evidence ?? "",
    /4 workers on 2 cores, 3\.2 loops busy on average, 6\.4 threads ready to run: ready loops wait 20\u2009% of the time/,
  );
  assert.match(many?.advice ?? "", /100 µs a request of waiting\.$/);
  assert.equal(findings(delayed, 2, 2)[0]?.claim, "C2");
  const [limited] = findings(delayed, 2, 8, 1.5);
  assert.deepEqual([limited?.claim, limited?.title], ["C4", "Run at most 1 worker here."]);
  assert.match(limited?.evidence ?? "", /2 workers on 1\.5 cores/);
  assert.deepEqual(ids(findings(() => ({ thread: { runQueueMicros: 1_000 } }), 4, 2)), []);
});

test("advice says `up to` and its kind of time, and promises no throughput", () => {
  const all = [
    ...findings((known) => {
      const wait = known.operation("wait", "Mutex.acquire");
      const stack = known.stack("p.ts:19 place");
      return { cells: [[wait, 9, 2_000, 800_000]], samples: [[wait, 9, stack, stack, 400, 2_000, 800_000]] };
    }),
    ...findings(() => ({ thread: { runQueueMicros: 200_000 } }), 4, 2),
  ];
  assert.equal(all.length, 2);
  for (const { advice } of all) {
    assert.match(advice, /up to .*(?:processor time|waiting)/);
    assert.doesNotMatch(advice, /throughput|!/);
  }
});

test("a synchronous call that blocks the loop: its line, and in no total of waits", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.operation("wait", "x");
  const blocked = known.operation("blocked", "child_process.execSync", "blocking");
  const stack = known.stack("b.ts:7 run");
  known.worker();
  known.window(0, 0, {
    latencies: times(100, 15_000),
    cells: [[blocked, 14, 100, 1_200_000]],
    samples: [[blocked, 14, stack, 0, 100, 100, 1_200_000]],
    thread: { loopActiveMicros: 900_000 },
  });
  const report = toReport(known.profile());
  assert.equal(report.totals.locks.amount, 0);
  assert.equal(report.hotspots[0]?.perRequest, 12_000);
  const [finding] = report.findings;
  assert.equal(finding?.title, "child_process.execSync blocks the event loop for 12.0 ms a request.");
  assert.match(
    finding?.evidence ?? "",
    /1\.0 blocking call a request .* 12\.0 ms each: 80\u2009% of mean latency/,
  );
  assert.match(finding?.advice ?? "", /^Use child_process\.exec, .* up to 12,000 µs\/req of waiting\.$/);
  assert.deepEqual(
    finding?.locations.map(({ line }) => line),
    [7],
  );
});

test("libuv's pool: who waits for a thread, whose jobs had them, and jobs that nobody saw", () => {
  const report = (pool: PoolFigures) => {
    const known = new KnownProfile();
    known.route("GET", "/");
    const wait = known.operation("pool wait", "libuv thread pool", "inferred");
    const look = known.stack("l.ts:3 look");
    const fill = known.stack("f.ts:9 fill");
    known.worker();
    known.window(0, 0, {
      latencies: times(100, 40_000),
      cells: [[wait, 15, 100, 2_000_000]],
      samples: [[wait, 15, look, fill, 100, 100, 2_000_000]],
      thread: { loopActiveMicros: 900_000 },
      pool,
    });
    return toReport(known.profile());
  };
  const seen = report([4, 500, 3_000_000, 600_000, 4, 80_000, 78_000]);
  assert.deepEqual(seen.threadPool, {
    size: 4,
    jobs: 500,
    busyThreads: 3,
    saturated: 0.6,
    checks: 4,
    checkedWaitMicros: 20_000,
    modelledWaitMicros: 19_500,
  });
  const [finding, ...others] = seen.findings;
  assert.deepEqual(
    [finding?.id, finding?.locations.map(({ line }) => line), others],
    ["thread-pool", [3, 9], []],
  );
  assert.match(
    finding?.evidence ?? "",
    /All 4 threads of the pool were busy with others waiting 60\u2009% of the time\.$/,
  );
  assert.match(finding?.advice ?? "", /UV_THREADPOOL_SIZE above 4 .* up to 20,000 µs\/req of waiting\.$/);
  const unseen = report([4, 500, 3_000_000, 600_000, 10, 80_000, 8_000]).findings;
  assert.deepEqual(ids(unseen), ["thread-pool", "unseen-pool-jobs"]);
  assert.match(unseen[1]?.evidence ?? "", /waited 8\.0 ms each, .* account for 800 µs\.$/);
});
