// Tests of the symmetric runtime: servers that end gracefully, in the ways that people write it, and such that start
// over. Requests that are under way are answered by every worker, and nobody is left.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { distinct, fixture, get, NODES, Run, share, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
after(async () => {
  for (const run of running) await run.end();
});
const WORKERS = 2;

/** Requests that last until their worker closes, one at least in each; none waits to be accepted any more. */
async function slowInEach(run: Run, port: number): Promise<Promise<string>[]> {
  const open: Promise<string>[] = [];
  await until("a slow request in each worker", () => {
    const begun = [...run.stdout.matchAll(/^slow (\S+)$/gm)].map((line) => line[1]);
    if (begun.length < open.length) return false;
    if (new Set(begun).size >= WORKERS) return true;
    for (let count = 0; count < 4; count++) open.push(get(port, "/slow"));
    return false;
  });
  return open;
}

for (const [index, [name, node]] of NODES.entries()) {
  describe(`ends on Node ${name}`, { concurrency: false }, () => {
    const start = (topology: (typeof topologies)[number], manner: string) => {
      const run = new Run({
        node,
        topology,
        workers: WORKERS,
        file: fixture("ends.cjs"),
        env: { MANNER: manner },
      });
      running.push(run);
      return run;
    };
    const topologies = topologiesOf(name);
    for (const [manner, topology] of share(["terminator", "close", "once"], topologies, index, 3)) {
      test(`${topology}: ${manner}`, async () => {
        const run = start(topology, manner);
        const port = await run.port(WORKERS);
        const open = await slowInEach(run, port);
        run.child.kill("SIGTERM");
        const answers = await Promise.all(open);
        assert.equal(new Set(answers).size, WORKERS);
        assert.deepEqual(await run.exited(), [0, null]);
        await run.allGone();
        // What threads print reaches the terminal by the first one, which does not wait for it when it ends before them.
        const done = run.stdout.match(/^done /gm)?.length ?? 0;
        assert.ok(topology === "threads" ? done >= 1 : done === WORKERS, run.stdout);
        assert.equal(run.stderr, "");
        assert.deepEqual(run.notices("peer-exit"), []);
      });
    }
    // Threads close at the same moment as the first one listens: about every second time it is too early (docs/runtime.md).
    const processes = topologies.filter((topology) => topology !== "threads");
    for (const [, topology] of share(["reload"], processes, index, 1)) {
      test(`${topology}: closes and listens again at a signal, three times`, async () => {
        const run = start(topology, "reload");
        const port = await run.port(WORKERS);
        for (let turn = 1; turn <= 3; turn++) {
          run.child.kill("SIGHUP");
          await until(`all listen again, turn ${turn}`, () => {
            const lines = [...run.stdout.matchAll(/^again (\S+) .*"port":(\d+)/gm)];
            return lines.length >= WORKERS * turn && lines.every((line) => Number(line[2]) === port);
          }).catch((error: unknown) => {
            throw new Error(`${String(error)}\n${run.stdout}${run.stderr}`);
          });
          await distinct(port, WORKERS);
        }
        assert.equal(run.stderr, "");
        assert.deepEqual(run.notices("peer-exit"), []);
        await run.end();
      });
    }
  });
}
