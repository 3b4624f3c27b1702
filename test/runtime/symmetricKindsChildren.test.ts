// Tests of the symmetric runtime under a real session: the worker threads and child processes that a server has of
// its own, in each of its workers, are measured with it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, describe, test } from "node:test";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { exactAmounts, root } from "./recordProgram.ts";
import { fixture, get, NODES, share, topologiesOf, until } from "./symmetricRun.ts";

const undone: (() => unknown)[] = [];
after(async () => {
  for (const undo of undone) await undo();
});

const WORKERS = 2;
const TEXT_BYTES = 1_000;

for (const [index, [name, node]] of NODES.entries()) {
  describe(`threads and children of a server on Node ${name}`, { concurrency: false }, () => {
    for (const [, topology] of share([""], topologiesOf(name), index, 1)) {
      test(`${topology}: each counts`, async () => {
        const session = await Session.open({
          command: [node, "children.cjs"],
          cwd: root,
          workers: WORKERS,
          topology,
          warmupMs: 0,
          sampling: { ...DEFAULT_SAMPLING, heapWindowMillis: 0 },
          distFolder: `${root}dist`,
          nodePath: node,
          baseEnvironment: process.env,
        });
        undone.push(() => session.close());
        const server = spawn(node, [fixture("children.cjs")], {
          env: session.environment,
          stdio: "ignore",
          detached: true,
        });
        undone.push(() => server.kill("SIGKILL"));
        const of = (role: string) => session.workers.filter((worker) => worker.role === role);
        await until("all have come", () => {
          const threads = of("thread").length;
          return session.listeningWorkers === WORKERS && threads >= WORKERS && of("child").length >= WORKERS;
        });
        const port = session.listening?.port as number;
        const answers: string[] = [];
        await until("each has answered", async () => {
          answers.push(...(await Promise.all(Array.from({ length: 12 }, () => get(port, "/")))));
          return new Set(answers).size >= WORKERS;
        });
        const profile = await session.close();
        assert.deepEqual(
          new Set(of("peer").map(({ pid, threadId }) => `${pid}.${threadId}`)),
          new Set(answers),
        );
        // Of the thread and of the child alike: one hash an answer.
        for (const role of ["thread", "child"] as const) {
          const workers = profile.workers.flatMap((worker, at) => (worker.role === role ? [at] : []));
          const windows = profile.windows.filter(({ worker }) => workers.includes(worker));
          const hashed = Object.values(exactAmounts({ ...profile, windows }, ["hash"]));
          const bytes = hashed.reduce((sum, { amount }) => sum + amount, 0);
          assert.equal(bytes, answers.length * TEXT_BYTES, role);
          assert.equal(workers.length, WORKERS, role);
          if (role === "thread")
            assert.deepEqual(new Set(workers.map((at) => profile.workers[at]?.peer)), new Set([0, 1]));
        }
      });
    }
  });
}
