// Faults: workers that die, come back, or are many. What they measured until their last window stays.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import {
  ALL,
  ask,
  endedWorkers,
  isAlive,
  load,
  measured,
  NODES,
  openSession,
  portOf,
  requestsOf,
  reread,
  Server,
  until,
} from "./harness.ts";

for (const [name, node] of NODES) {
  describe(`Node ${name}`, () => {
    it("a worker that is killed is replaced, and what it measured stays", async () => {
      const session = await openSession(node, { workers: 2 });
      const server = new Server(node, session.environment);
      const port = await portOf(session, 2);
      const answered = await load(port, 400);
      await measured(session, answered);
      const victim = session.workers.find(({ peer, role }) => peer === 1 && role === "peer");
      process.kill(victim?.pid as number, "SIGKILL");
      await until("it is replaced", () => endedWorkers(session) >= 1 && session.listeningWorkers === 2);
      const later = await load(port, 400);
      const profile = reread(await session.close());
      assert.equal(answered, 400);
      assert.equal(later, 400);
      assert.equal(requestsOf(profile), 800);
      assert.ok(profile.notices.some(({ code, text }) => code === "peer-exit" && text.includes("SIGKILL")));
      await server.end();
      await until("no process is left", () => profile.workers.every(({ pid }) => !isAlive(pid)));
    });

    it("peer 0 that is killed takes the others along, and leaves its recording", async () => {
      const session = await openSession(node, { workers: 3 });
      const server = new Server(node, session.environment);
      const port = await portOf(session, 3);
      const answered = await load(port, 300);
      await measured(session, answered);
      server.child.kill("SIGKILL");
      assert.deepEqual(await server.ended, [null, "SIGKILL"]);
      await until("no process is left", () => session.workers.every(({ pid }) => !isAlive(pid)));
      const profile = reread(await session.close());
      assert.equal(requestsOf(profile), answered);
      assert.ok(profile.workers.every(({ endedMicros }) => endedMicros !== null));
    });

    const restarts = ALL ? 100 : 3;
    it(`a session over ${restarts} restarts of its server`, async () => {
      const session = await openSession(node);
      let answered = 0;
      for (let i = 0; i < restarts; i++) {
        const server = new Server(node, session.environment);
        const port = await portOf(session);
        answered += await load(port, 20, "/", 4);
        // Ended by a signal without a handler, a process leaves no last window.
        await measured(session, answered);
        await server.end("SIGTERM");
        await until("it has left", () => session.listeningWorkers === 0);
      }
      const profile = reread(await session.close());
      assert.equal(answered, restarts * 20);
      assert.equal(requestsOf(profile), answered);
      assert.equal(profile.workers.length, restarts);
      assert.equal(toReport(profile).requests.total, answered);
    });

    const many = ALL ? 64 : 12;
    it(`${many} workers`, async () => {
      const session = await openSession(node, { workers: many });
      const server = new Server(node, session.environment);
      const port = await portOf(session, many);
      const answered = await load(port, 20 * many, "/", 4 * many);
      await measured(session, answered);
      const profile = reread(await session.close());
      assert.equal(answered, 20 * many);
      assert.equal(requestsOf(profile), answered);
      assert.equal(profile.workers.filter(({ role }) => role === "peer").length, many);
      assert.match(await ask(port, "/"), /^\d+$/, "it goes on without us");
      await server.end();
      await until("no process is left", () => profile.workers.every(({ pid }) => !isAlive(pid)));
    });
  });
}
