// Which request the running code belongs to: held against a program that knows it by construction.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run, testNodes } from "./probeHarness/run.ts";

type Point = [name: string, ours: number | null, own: string | null];
interface Program {
  readonly points: Readonly<Record<string, Point[]>>;
  readonly outside: (number | null)[];
  readonly answers: string[];
  readonly requests: [route: number, count: number][];
  readonly faults: string[];
}

/** Points that come when the response has been sent, or from the connection. */
const AFTER = ["close of the request", "finish"];
const EVERYWHERE = { followedShare: 1 };
const NOWHERE = { followedShare: 0 };
const names = (points: Point[] | undefined) => points?.map(([name]) => name);

for (const node of testNodes()) {
  describe(`the request of the running code on Node ${node.name}`, () => {
    it("is told over awaits, timers, callbacks, bodies, kept and pipelined connections", async () => {
      const { points, outside, faults } = await run<Program>(node, "requests.cjs", {
        probes: ["requests"],
        sampling: EVERYWHERE,
      });
      assert.deepEqual(faults, []);
      const ids = new Set<number | null>();
      for (const [request, noted] of Object.entries(points)) {
        const inside = noted.filter(([name]) => !AFTER.includes(name));
        const ours = new Set(inside.map(([, id]) => id));
        assert.equal(ours.size, 1, `${request}: ${JSON.stringify(inside)}`);
        assert.ok(!ours.has(null), request);
        ids.add([...ours][0] ?? null);
      }
      assert.equal(Object.keys(points).length, 8);
      assert.equal(ids.size, 8);
      assert.ok(outside.length > 0 && outside.every((id) => id === null));
    });

    it("changes nothing for the program", async () => {
      const without = await run<Program>(node, "requests.cjs", { probes: [] });
      for (const sampling of [EVERYWHERE, NOWHERE, {}]) {
        const { points, answers } = await run<Program>(node, "requests.cjs", {
          probes: ["requests"],
          sampling,
        });
        assert.deepEqual(answers, without.answers);
        for (const [request, noted] of Object.entries(without.points)) {
          assert.deepEqual(names(points[request]), names(noted), request);
          const own = (all: Point[] | undefined) => all?.map(([, , store]) => store);
          assert.deepEqual(own(points[request]), own(noted), request);
          // Followed or not, never another's.
          const ours = new Set(points[request]?.map(([, id]) => id).filter((id) => id !== null));
          assert.ok(ours.size <= 1, request);
        }
      }
    });

    it("is unknown where requests are not followed", async () => {
      const { points, requests } = await run<Program>(node, "requests.cjs", {
        probes: ["requests"],
        sampling: NOWHERE,
      });
      assert.ok(Object.values(points).every((noted) => noted.every(([, id]) => id === null)));
      // The inner server's are requests, too.
      assert.equal(
        requests.reduce((sum, [, count]) => sum + count, 0),
        16,
      );
    });

    it("is told of HTTP/2, where Node publishes its streams", async () => {
      const told = await run<Program>(node, "http2Requests.cjs", {
        probes: ["requests"],
        sampling: EVERYWHERE,
      });
      const without = await run<Program>(node, "http2Requests.cjs", { probes: [] });
      assert.deepEqual(told.faults, []);
      assert.deepEqual(told.answers, without.answers);
      const ids = Object.values(told.points).map((noted) => [...new Set(noted.map(([, id]) => id))]);
      if (Number.parseInt(node.name.slice(1), 10) < 22) {
        assert.deepEqual(ids, [[null], [null], [null], [null]]);
        return;
      }
      assert.ok(
        ids.every((each) => each.length === 1 && each[0] !== null),
        JSON.stringify(told.points),
      );
      assert.equal(new Set(ids.flat()).size, 4);
      const counts = told.requests.map(([, count]) => count);
      assert.deepEqual(counts, [1, 1, 1, 1]);
    });
  });
}
