// What a request of each route copies and moves, against a program that knows it by construction.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

interface Truth {
  readonly requests: number;
  readonly routes: Readonly<Record<string, { readonly copied: number; readonly moved: number }>>;
}

/** Every event is sampled: nothing is estimated. */
const EVERY_EVENT = { heapWindowMillis: 0, stacksPerSecond: 100_000, followedShare: 1 };

for (const [name, node] of NODES) {
  describe(`costs by route on Node ${name}`, () => {
    it("are what requests of each route cost, however they overlap", async () => {
      const { profile, stdout, stderr, code } = await recordProgram(
        node,
        [fixture("routes.mjs")],
        {},
        EVERY_EVENT,
      );
      assert.equal(code, 0, stderr);
      const { requests, routes } = JSON.parse(stdout) as Truth;
      const report = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      for (const [route, { copied, moved }] of Object.entries(routes)) {
        const found = report.requests.routes.find((each) => each.route === `/${route}/:id`);
        assert.equal(found?.count, requests, route);
        assert.equal(found.followed, requests, route);
        const told = JSON.stringify({ route, copied, moved, found });
        assert.equal(found.costs.copies?.perRequest, copied, told);
        assert.equal(found.costs.copies?.relativeError, 0, told);
        assert.ok(Math.abs((found.movedBytes ?? 0) / moved - 1) < 1e-9, told);
      }
    });

    it("are unknown, not 0, where no request is followed", async () => {
      const { profile } = await recordProgram(
        node,
        [fixture("routes.mjs")],
        { REQUESTS: "5" },
        { ...EVERY_EVENT, followedShare: 0 },
      );
      const report = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      assert.equal(report.requests.routes.length, 3);
      for (const { followed, costs, movedBytes, copyAmplification } of report.requests.routes) {
        assert.equal(followed, 0);
        assert.ok(Object.values(costs).every((cost) => cost === null));
        assert.equal(movedBytes, null);
        assert.equal(copyAmplification, null);
      }
      assert.ok(report.io !== null && report.io.receivedBytes > 0 && report.io.copyAmplification !== null);
    });
  });
}
