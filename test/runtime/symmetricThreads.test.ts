// Tests of the topology threads: what a server sees in a peer that is a thread, and what is said of the limits.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { distinct, fixture, NODES, Run, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
after(async () => {
  for (const run of running) await run.end();
});

for (const [name, node] of NODES) {
  const skip = !topologiesOf(name).includes("threads");
  describe(`threads on Node ${name}`, { concurrency: false, skip }, () => {
    const start = (env: NodeJS.ProcessEnv) => {
      const run = new Run({ node, topology: "threads", workers: 2, file: fixture("thread.cjs"), env });
      running.push(run);
      return run;
    };

    test("a peer takes itself for the main thread and has threads of its own", async () => {
      const run = start({});
      const answers = await distinct(await run.port(2), 2);
      assert.ok([...answers].every((answer) => Math.trunc(answer) === run.pid));
      await until("both say it", () => run.stdout.match(/^listening null null undefined$/gm)?.length === 2);
      assert.equal(run.stderr, "");
      assert.deepEqual(run.notices("thread-limits"), []);
      run.child.kill("SIGTERM");
      assert.deepEqual(await run.exited(), [null, "SIGTERM"]);
    });

    test("what no thread can do is said", async () => {
      const run = start({ WRONG: "1" });
      await run.port(2);
      await until("it is refused", () => run.stdout.includes("refused ERR_WORKER_UNSUPPORTED_OPERATION"));
      assert.equal(run.notices("thread-limits").length, 1);
      await run.end();
    });
  });
}
