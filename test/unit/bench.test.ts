// Unit: the benchmarks' own arithmetic, their plan, and how their load finds the end of an answer.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { AnswerReader } from "../bench/answers.ts";
import { Load } from "../bench/client.ts";
import { memoryOf } from "../bench/memoryParts.ts";
import { minutesOf, planOf } from "../bench/plan.ts";
import { sidesOf } from "../bench/sides.ts";
import { growthOf, type MemoryPoint } from "../bench/soakVerdict.ts";
import { type Point, quantile, slopeOf } from "../bench/statistics.ts";
import { COLUMNS, missingRow, rowOf, tableOf } from "../bench/table.ts";

describe("benchmark statistics", () => {
  it("interpolates quantiles", () => {
    assert.equal(quantile([3, 1, 2], 0.5), 2);
    assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });

  it("finds a slope through noise, and none where there is none", () => {
    const noise = (at: number) => Math.sin(at * 12.9898) * 2;
    const rising = Array.from({ length: 200 }, (_, at): Point => [at, 5 + 0.1 * at + noise(at)]);
    const flat = Array.from({ length: 200 }, (_, at): Point => [at, 5 + noise(at)]);
    const { perUnit, low, high } = slopeOf(rising);
    assert.ok(low < 0.1 && high > 0.1 && low > 0.08, `${low} to ${high}`);
    assert.ok(Math.abs(perUnit - 0.1) < 0.01);
    assert.ok(slopeOf(flat).low < 0 && slopeOf(flat).high > 0);
    assert.throws(() => slopeOf(flat.slice(0, 19)), RangeError);
  });
});

describe("a soak", () => {
  const MB = 1024 * 1024;
  const pointsOf = (megabytes: (minute: number) => number): MemoryPoint[] =>
    Array.from({ length: 360 }, (_, at) => {
      const bytes = (megabytes(at / 6) + Math.sin(at * 78.233) / 2) * MB;
      return { at: at * 10_000, rss: bytes, heapUsed: bytes };
    });
  const plain = pointsOf((minute) => 60 + minute / 20);

  it("sees a server that grows more than the plain one", () => {
    const { grows, more } = growthOf(
      plain,
      pointsOf((minute) => 75 + minute / 20 + minute / 15),
      "rss",
    );
    assert.equal(grows, true);
    assert.ok(Math.abs(more.perUnit - 4) < 0.2, String(more.perUnit));
  });

  it("is content with one that grows as the plain one does, or only at first", () => {
    assert.equal(
      growthOf(
        plain,
        pointsOf((minute) => 75 + minute / 20),
        "heapUsed",
      ).grows,
      false,
    );
    const settling = pointsOf((minute) => 75 + minute / 20 + 10 * (1 - Math.exp(-minute)));
    assert.equal(growthOf(plain, settling, "rss").grows, false);
  });

  it("does not speak of what is less than a megabyte", () => {
    assert.equal(
      growthOf(
        plain,
        pointsOf((minute) => 75 + minute / 20 + minute / 100),
        "rss",
      ).grows,
      false,
    );
  });
});

describe("a benchmark's plan", () => {
  it("is all servers at full load on one Node by default, within half an hour", () => {
    const plan = planOf([], {});
    assert.deepEqual(
      plan.targets.map(({ name }) => name),
      ["bare", "fastify", "express", "proxy", "orders"],
    );
    assert.deepEqual([plan.loads, plan.majors, plan.peers], [["full"], [], []]);
    const sides = sidesOf(plan);
    assert.deepEqual(
      sides.map(({ name }) => name),
      ["plain", "darcy"],
    );
    assert.ok(minutesOf(plan, sides.length) < 30);
  });

  it("takes words and the environment", () => {
    const plan = planOf(["proxy", "--loads", "idle,half", "--peers", "0x", "--nodes", "20,26"], {
      BENCH_ROUNDS: "2",
      BENCH_HEAP_MB: "12",
    });
    assert.deepEqual(
      plan.targets.map(({ name }) => name),
      ["proxy"],
    );
    assert.deepEqual(
      [plan.loads, plan.majors, plan.peers, plan.rounds],
      [["idle", "half"], [20, 26], ["0x"], 2],
    );
    const sides = sidesOf(plan).map(({ name, base }) => [name, base]);
    assert.deepEqual(sides, [
      ["plain", 0],
      ["darcy", 0],
      ["0x", 0],
      ["plain, 12 MB more", 3],
      ["darcy, 12 MB more", 3],
    ]);
    assert.deepEqual(planOf([], { BENCH_NODES: "22", BENCH_PEERS: "all" }).majors, [22]);
    assert.equal(planOf([], { BENCH_PEERS: "all" }).peers.length, 5);
    assert.deepEqual(planOf(["--all"], {}).majors, [20, 22, 24, 26]);
    assert.deepEqual(planOf(["--all"], {}).loads, ["idle", "half", "full"]);
  });

  it("refuses what it does not know", () => {
    assert.throws(() => planOf(["koa"], {}), /No such server: koa\. There are: bare/);
    assert.throws(() => planOf(["--loads", "double"], {}), /No such load: double/);
    assert.throws(() => planOf(["--nodes", "18"], {}), /20 or newer: 18/);
    assert.throws(() => planOf([], { BENCH_ROUNDS: "0" }), /Not a number/);
    assert.throws(() => planOf(["--peer", "0x"], {}), /Unknown option/);
  });
});

describe("a benchmark's table", () => {
  const turn = (micros: number) => ({ micros, collectorMicros: 2, p99Ms: 1.5, requestsPerSecond: 100 });
  const instance = (...micros: number[]) => ({
    turns: micros.map(turn),
    rssMegabytes: 70,
    said: null,
    spells: null,
  });

  it("compares turn by turn", () => {
    const row = rowOf(
      ["bare", "full", "darcy"],
      [{ ...instance(11, 24), said: { micros: 1.25, ratio: null } }, instance(36)],
      [instance(10, 20), instance(30)],
    );
    const cells = Object.fromEntries(COLUMNS.map((name, at) => [name, row[at]]));
    assert.deepEqual(cells, {
      server: "bare",
      load: "full",
      side: "darcy",
      "us/req": "24.0",
      ratio: "1.200",
      quartiles: "1.150 - 1.200",
      "more us": "4.0",
      "says us": "1.3",
      "collector us": "2.0",
      "p99 ms": "1.50",
      "RSS MB": "70",
    });
  });

  it("shows what did not run", () => {
    const text = tableOf([missingRow(["bare", "full", "0x"], "It did not answer.")]);
    assert.match(
      text,
      /^\| server .*\n\| -+ .*\n\| bare +\| full +\| 0x +\| +not run: It did not answer\. \|/,
    );
  });
});

describe("a benchmark's load", () => {
  it("finds an answer's end by its length and by its last chunk, wherever it is cut", () => {
    const answers = [
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ];
    for (const answer of answers) {
      const reader = new AnswerReader();
      for (let cut = answer.indexOf("\r\n\r\n") + 4; cut < answer.length; cut++) {
        assert.equal(reader.take(Buffer.from(answer.slice(0, cut))), false);
        assert.equal(reader.take(Buffer.from(answer.slice(cut))), true);
      }
    }
    assert.throws(() => new AnswerReader().take(Buffer.from("HTTP/1.1 500 No\r\n\r\n")), /No good answer/);
  });

  it("asks in turn, and at a rate", async () => {
    const asked: string[] = [];
    const enough = deferred();
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${body}`);
        response.end("ok");
        if (asked.length === 20) enough.resolve();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const begun = performance.now();
    const load = new Load(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      [
        { method: "GET", path: "/a" },
        { method: "POST", path: "/b", body: "{}" },
      ],
      1,
      100,
    );
    await enough.promise;
    const took = performance.now() - begun;
    load.check();
    load.stop();
    server.close();
    server.closeAllConnections();
    assert.deepEqual(asked.slice(0, 4), ["GET /a ", "POST /b {}", "GET /a ", "POST /b {}"]);
    assert.ok(took >= 185, `20 requests at 100 a second in ${took} ms`);
    assert.ok(load.takeLatencies().every((millis) => millis >= 0));
  });
});

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

describe("resident memory", () => {
  it("is taken apart so that the parts sum up to it, each of V8's spaces once", () => {
    const MB = 1024 * 1024;
    const status =
      "Name:\tnode\nVmRSS:\t  102400 kB\nRssAnon:\t   51200 kB\nRssFile:\t   50176 kB\nRssShmem:\t    1024 kB\n";
    const spaces = {
      read_only_space: 9 * MB,
      new_space: 16 * MB,
      new_large_object_space: MB,
      old_space: 7 * MB,
    };
    const { all, ...parts } = memoryOf(status, { ...spaces, code_space: MB, shared_space: MB });
    assert.deepEqual(parts, {
      "young generation": 17,
      "rest of V8's heap": 8,
      "other, as malloc's": 25,
      files: 50,
    });
    assert.equal(
      Object.values(parts).reduce((sum, part) => sum + part),
      all,
    );
  });

  it("is not made up where the kernel does not tell it", () => {
    assert.ok(Number.isNaN(memoryOf("", {}).all));
  });
});
