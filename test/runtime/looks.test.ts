// Looks: while somebody looks on, a request is known of soon after its answer, counted once, and windows are what they were.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { describe, it } from "node:test";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { fixture, NODES, root } from "./recordProgram.ts";

const BURSTS = 12;
const BURST = 5;

async function ask(port: number): Promise<void> {
  const [answer] = await once(get({ port, agent: false }), "response");
  await once(answer.resume(), "end");
}

for (const [name, node] of NODES) {
  describe(`looks on Node ${name}`, () => {
    it("tell of requests soon, and of each once", async (test) => {
      const program = [fixture("answers.mjs")];
      const session = await Session.open({
        command: [node, ...program],
        cwd: root,
        workers: 1,
        topology: "single",
        warmupMs: 0,
        sampling: { ...DEFAULT_SAMPLING, heapWindowMillis: 0 },
        distFolder: `${root}dist`,
        nodePath: node,
        baseEnvironment: process.env,
      });
      const server = spawn(node, program, { env: session.environment, stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(server, "exit");
      try {
        const port = Number((await once(server.stdout, "data"))[0]);
        await ask(port);
        session.watch(true);
        await once(session, "looked");
        const counted = () => {
          const lists = [...session.snapshot().windows, ...session.glances];
          return lists.flatMap(({ requests }) => requests).reduce((sum, [, count]) => sum + count, 0);
        };
        const latencies: number[] = [];
        let asked = 1;
        let ahead = 0;
        for (let n = 0; n < BURSTS; n++) {
          // At any moment of a look.
          await new Promise((done) => setTimeout(done, (n * 500) / BURSTS));
          for (let each = 0; each < BURST; each++) await ask(port);
          const answered = performance.now();
          asked += BURST;
          while (counted() < asked) await once(session, "looked");
          latencies.push(performance.now() - answered);
          if (session.glances.length > 0) ahead++;
          assert.equal(counted(), asked);
        }
        const median = latencies.sort((a, b) => a - b)[BURSTS >> 1] as number;
        test.diagnostic(
          `known after ${median.toFixed(0)} ms in the median, ${latencies.at(-1)?.toFixed(0)} ms at most`,
        );
        assert.ok(ahead > 0, "no burst was known before its window");
        session.watch(false);
        const { windows } = await session.close();
        for (const [at, { startMicros, endMicros }] of windows.entries()) {
          if (at > 0) assert.equal(startMicros, windows[at - 1]?.endMicros, "windows follow each other");
          assert.ok(endMicros > startMicros);
        }
        // Half a second each, not shorter for being looked at.
        const millis = ((windows.at(-1)?.endMicros ?? 0) - (windows[0]?.startMicros ?? 0)) / 1_000;
        assert.ok(windows.length <= millis / 500 + 3, `${windows.length} windows in ${millis} ms`);
        const own = windows.reduce((sum, each) => sum + each.own.windowMicros, 0) / (millis / 1_000);
        test.diagnostic(
          `${windows.length} windows in ${millis.toFixed(0)} ms, ${own.toFixed(0)} µs a second`,
        );
        assert.equal(
          windows.flatMap(({ requests }) => requests).reduce((sum, [, count]) => sum + count, 0),
          asked,
        );
      } finally {
        server.kill();
        await exited;
        await session.close();
      }
    });
  });
}
