// Routes as the frameworks know them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import { fixture, NODES, recordProgram } from "./recordProgram.ts";

for (const [name, node] of NODES) {
  describe(`frameworks' routes on Node ${name}`, () => {
    it("are told by express, fastify and koa", async () => {
      const { profile, stderr, code } = await recordProgram(node, [fixture("frameworks.cjs")]);
      assert.equal(code, 0, stderr);
      const { requests } = toReport({ ...profile, measureFromMicros: profile.startedMicros });
      assert.deepEqual(
        requests.routes.map(({ method, route, count }) => `${method} ${route} ${count}`).sort(),
        [
          "GET /api/hooked/:user 3",
          "GET /api/users/:user 3",
          "GET /none 3",
          "GET /nothing 3",
          "GET /nowhere 3",
          "GET /orders/abc/lines/:line 3",
          "GET /shop/items/:item 3",
        ],
      );
      assert.ok(profile.windows.every(({ own }) => own.faults === 0));
    });
  });
}
