// Unit tests: what is advised, and what is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toReport } from "../../src/model/report.ts";
import type { Finding } from "../../src/protocol/report.ts";
import type { ProcessFigures } from "../../src/protocol/wire.ts";
import { KnownProfile, times } from "./knownProfile.ts";

type Window = NonNullable<Parameters<KnownProfile["window"]>[2]>;

/** 2,000 requests of 1,000 µs each; 800 µs of processor time a request. All four categories measured. */
function findings(fill: (known: KnownProfile) => Window, workers = 1, cores = 2): readonly Finding[] {
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
    arrayBuffersBytes: 1,
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
  return toReport(known.profile({ cores })).findings;
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
    (kind: "copy" | "clone", callee: string) =>
    (known: KnownProfile): Window => {
      const operation = known.operation(kind, callee);
      const amount = 2_000 * 100_000;
      return {
        cells: [[operation, 7, amount / 64, amount]],
        samples: [[operation, 7, known.stack("a.ts:1 a"), 0, 400, 2_000, amount]],
      };
    };
  assert.deepEqual(
    findings(copies("copy", "Buffer.from")).map(({ id, claim }) => [id, claim]),
    [["avoidable-copy", "D3"]],
  );
  assert.match(findings(copies("clone", "MessagePort.postMessage"))[0]?.advice ?? "", /transfer list/);
  assert.deepEqual(ids(findings(copies("copy", "Buffer.copy"))), []);
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
  assert.deepEqual(ids(findings(waits(null))), []);
});

test("more loops than cores, or others that use them", () => {
  const delayed = () => ({ thread: { runQueueMicros: 200_000, involuntary: 4_000, voluntary: 1 } });
  const [many] = findings(delayed, 4, 2);
  assert.deepEqual([many?.claim, many?.title], ["C4", "Run at most 2 workers here."]);
  assert.match(
    many?.evidence ?? "",
    /4 workers on 2 cores, 3\.2 loops busy on average: ready loops wait 20\u2009% of the time/,
  );
  assert.match(many?.advice ?? "", /100 µs a request of waiting\.$/);
  assert.equal(findings(delayed, 2, 2)[0]?.claim, "C2");
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
