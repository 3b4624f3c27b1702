// Unit tests: how waits were seen, their locks' keys, their queue and who let them in: from the wire to the report.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ProfileBuilder } from "../../src/model/builder.ts";
import { coalesce } from "../../src/model/coalesce.ts";
import { toReport } from "../../src/model/report.ts";
import { MAX_KEY_LENGTH, MAX_KEYS } from "../../src/protocol/window.ts";
import { formatText } from "../../src/report/text.ts";
import { WaitDetails } from "../../src/runtime/sampling/waitDetails.ts";
import { KnownProfile, START, times } from "./knownProfile.ts";

function waits() {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const lock = known.operation("wait", "AsyncLock.acquire");
  const seen = known.operation("wait", "Promise", "inferred");
  const cache = known.operation("wait", "Promise", "shared work");
  const waiter = known.stack("a.ts:1 a");
  const holder = known.stack("b.ts:2 b");
  const releaser = known.stack("c.ts:3 c");
  const latencies = times(100, 1_000);
  known.window(0, 0, {
    latencies,
    cells: [
      [lock, 10, 4, 4_000],
      [seen, 10, 1, 1_000],
      [cache, 10, 8, 8_000],
    ],
    samples: [
      [lock, 10, waiter, holder, 4, 4, 4_000],
      [seen, 10, waiter, holder, 1, 1, 1_000],
      [cache, 10, waiter, 0, 8, 8, 8_000],
    ],
    waits: [
      [lock, waiter, 1, releaser, 3_000, 2, 5, 4],
      [lock, waiter, 2, holder, 1_000, 2, 2, 1],
    ],
  });
  return { known, lock, waiter, releaser };
}

test("what is no contention has hotspots of its own and is in no total", () => {
  const { totals, hotspots } = toReport(waits().known.profile({ lockKeys: ["", "one", "two"] }));
  assert.deepEqual([totals.locks.count, totals.locks.amount], [5, 5_000]);
  assert.equal(totals.locks.impactMicrosPerRequest, 50);
  assert.deepEqual(hotspots.map(({ basis, share, amount }) => [basis, share, amount]).sort(), [
    ["exact", 0.8, 4_000],
    ["inferred", 0.2, 1_000],
    ["shared work", 1, 8_000],
  ]);
});

test("keys by their waiting, the queue by its mean and longest, the releaser where it is not the holder", () => {
  const { known } = waits();
  const { hotspots } = toReport(known.profile({ lockKeys: ["", "one", "two"] }));
  const spot = hotspots.find(({ basis }) => basis === "exact");
  assert.deepEqual(
    [spot?.key, spot?.keys, spot?.queue, spot?.releaser?.line],
    [
      "one",
      [
        { key: "one", share: 0.75 },
        { key: "two", share: 0.25 },
      ],
      { mean: 7 / 4, max: 4 },
      3,
    ],
  );
  const other = hotspots.find(({ basis }) => basis === "inferred");
  assert.deepEqual([other?.key, other?.keys, other?.queue, other?.releaser], [null, [], null, null]);
});

test("the terminal tells how waits were seen, for which key, and in how long a queue", () => {
  const { known } = waits();
  const text = formatText(toReport(known.profile({ lockKeys: ["", "one\u001b[31m", "two"] })), {
    width: 160,
  });
  assert.match(text, /held by b +b\.ts:2|held by b /);
  assert.match(text, /let in by c /);
  assert.match(text, /key one.{0,12} \(75\u2009%\), two \(25\u2009%\); 1\.8 waiting on average, 4 at most/);
  assert.match(text, /inferred \(from what let it go on\)/);
  assert.match(text, /shared work \(many wait for one piece of work: no contention\)/);
  assert.ok(!text.includes("\u001b[31m"));
});

test("joined windows tell the same", () => {
  const { known, lock, waiter, releaser } = waits();
  known.window(0, 1, {
    cells: [[lock, 10, 4, 4_000]],
    samples: [[lock, 10, waiter, 0, 4, 4, 4_000]],
    waits: [[lock, waiter, 1, releaser, 4_000, 1, 9, 9]],
  });
  const profile = known.profile({ lockKeys: ["", "one", "two"] });
  const joined = { ...profile, windows: coalesce(profile.windows, START) };
  assert.equal(joined.windows.length, 1);
  const [apart, together] = [profile, joined].map((one) =>
    toReport(one).hotspots.find(({ basis }) => basis === "exact"),
  );
  assert.deepEqual(together?.queue, { mean: 16 / 5, max: 9 });
  assert.deepEqual([apart?.queue, apart?.keys], [together?.queue, together?.keys]);
});

test("each thread's keys become the recording's", () => {
  const builder = new ProfileBuilder(
    { darcy: "1", command: [], cwd: "/", cores: 1, platform: "linux", arch: "x64", node: "v24.0.0" },
    START,
  );
  const { workers, windows } = waits().known.profile();
  const [template] = windows;
  assert.ok(template !== undefined && workers[0] !== undefined);
  for (const key of ["mine", "yours", "mine"]) {
    const index = builder.addWorker(workers[0]) as number;
    builder.addWindow(index, {
      ...template,
      type: "window",
      sequence: 0,
      operations: [[0, "wait", "lock", "inferred"]],
      scripts: [],
      frames: [],
      stacks: [],
      routes: [],
      cells: [],
      samples: [],
      requests: [],
      lockKeys: [[1, key]],
      waits: [
        [0, 0, 1, 0, 10, 1, 1, 1],
        [9, 0, 1, 0, 10, 1, 1, 1],
      ],
    });
  }
  const profile = builder.snapshot(START + 1);
  assert.deepEqual(profile.lockKeys, ["", "mine", "yours"]);
  assert.deepEqual(profile.operations, [{ kind: "wait", callee: "lock", basis: "inferred" }]);
  assert.deepEqual(
    profile.windows.map((window) => window.waits?.map(([, , key]) => key)),
    [[1], [2], [1]],
  );
});

test("keys are cut and bounded", () => {
  const details = new WaitDetails();
  const detail = (key: string) => ({ key, queue: 0, releaser: 0 });
  assert.deepEqual(details.drain(), {});
  details.add(0, 0, 1, 1, detail(""));
  assert.deepEqual(details.drain(), {});
  details.add(0, 1, 2, 10, detail("k".repeat(1_000)));
  const { lockKeys, waits: rows } = details.drain();
  assert.equal(lockKeys?.[0]?.[1].length, MAX_KEY_LENGTH);
  assert.deepEqual(rows, [[0, 1, 1, 0, 20, 0, 0, 0]]);
  let told = 1;
  for (let at = 0; at < MAX_KEYS * 3; at++) {
    details.add(0, 1, 1, 1, detail(`${at}`));
    if (at % 500 === 0) told += details.drain().lockKeys?.length ?? 0;
  }
  told += details.drain().lockKeys?.length ?? 0;
  assert.equal(told, MAX_KEYS);
});

test("a wait that is seen in windows has an error of how many there were", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const seen = known.operation("promise wait", "Promise", "inferred");
  const stacks = [known.stack("a.ts:1 a"), known.stack("b.ts:2 b")];
  for (let at = 0; at < 4; at++)
    known.window(0, at, {
      latencies: times(100, 1_000),
      cells: [[seen, 10, 320, 320_000]],
      samples: stacks.map((stack) => [seen, 10, stack, stack, 16, 160, 160_000]),
    });
  const { hotspots } = toReport(known.profile());
  assert.equal(hotspots.length, 2);
  for (const { confidence, relativeError, basis, amount } of hotspots) {
    assert.deepEqual([confidence, basis, amount], ["sampled", "inferred", 640_000]);
    assert.ok(Math.abs((relativeError ?? 0) - (1.96 + 2.4 / 127) / 8) < 1e-9, `${relativeError}`);
  }
});

test("waits for the event loop: whose code, for how long it ran, and which routes waited", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.worker();
  const loop = known.operation("loop wait", "event loop", "inferred");
  const stack = known.stack("a.ts:1 report");
  known.window(0, 0, {
    latencies: times(100, 20_000),
    cells: [[loop, 16, 50, 2_000_000]],
    samples: [[loop, 16, stack, stack, 50, 50, 2_000_000]],
    waits: [[loop, stack, 0, 0, 2_000_000, 10, 50, 9, 800_000, 95_000]],
  });
  const profile = known.profile();
  const windows = profile.windows.map((window) => ({
    ...window,
    requests: window.requests.map(
      ([route, count, micros, buckets]) => [route, count, micros, buckets, 40, 2_000_000] as const,
    ),
  }));
  const { hotspots, findings, requests } = toReport({ ...profile, windows });
  const [spot] = hotspots;
  assert.deepEqual(spot?.hold, { meanMicros: 80_000, maxMicros: 95_000 });
  assert.ok(spot?.confidence === "sampled" && (spot.relativeError ?? 0) > 0);
  assert.deepEqual(requests.routes[0]?.loopWaits, { count: 40, meanMicros: 50_000 });
  const finding = findings.find(({ id }) => id === "blocking-code");
  assert.match(finding?.evidence ?? "", /runs for 80.0 ms .* 95.0 ms at most.*GET \/ \(40, 50.0 ms each\)/);
  assert.equal(findings.filter(({ category }) => category === "locks").length, 1);
});
