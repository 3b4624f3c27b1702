// async-lock: known waits by construction, right lines, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertWaits,
  assertWithin,
  bodies,
  find,
  linesOf,
  nodeVersions,
  programOf,
  TELL,
  Workshop,
} from "./locks/run.ts";

const IMPORTS = {
  cjs: 'const AsyncLock = require("async-lock");',
  mjs: 'import AsyncLock from "async-lock";',
} as const;
const program = (format: "cjs" | "mjs", body: string) => programOf(IMPORTS[format], body);
const CALLEE = "AsyncLock.acquire";

const workshop = new Workshop();

for (const node of nodeVersions())
  for (const format of ["cjs", "mjs"] as const)
    describe(`async-lock, ${format}, Node ${node.major}`, () => {
      const { run, line } = bodies(workshop, node, format, (body) => program(format, body));

      it("knows who waits for the later of several keys, and for whom", async () => {
        const body = `
          const lock = new AsyncLock();
          const truth = [0, 0];
          for (let i = 0; i < 15; i++) {
            const first = lock.acquire("a", () => hold(10)); //@first
            let ended = 0;
            const second = lock.acquire("b", () => hold(30).then(() => { ended = micros(); })); //@second
            const start = micros();
            let inner;
            const waiting = lock.acquire(["a", "b"], () => { //@waiter
              truth[1] += micros() - start;
              inner = lock.acquire("c", () => hold(1)); //@inner
              return inner;
            });
            const called = micros();
            await second;
            truth[0] += ended - called;
            await Promise.all([first, waiting]);
          }
          ${TELL}`;
        const { truth, measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, CALLEE);
        assert.equal(waits.count, 30);
        // A key is given on in the next turn of the loop.
        assertWithin(waits.micros, [truth[0] * 0.95, truth[1]]);
        const waiter = line(body, "waiter");
        assert.deepEqual(
          linesOf(waits).sort(),
          [
            [waiter, line(body, "first"), 15],
            [waiter, line(body, "second"), 15],
          ].sort(),
        );
        assert.deepEqual([...new Set(waits.details.map(({ key }) => key))].sort(), ["a", "b"]);
      });

      it("measures a key's waits, waiter and holder", async () => {
        const body = `
          const lock = new AsyncLock();
          const truth = [0, 0];
          for (let i = 0; i < 40; i++) {
            let free;
            const held = lock.acquire("key", () => new Promise((done) => { free = done; })); //@holder
            const start = micros();
            const waiting = lock.acquire("key", () => { truth[1] += micros() - start; }); //@waiter
            const called = micros();
            await hold(20);
            truth[0] += micros() - called;
            free();
            await Promise.all([held, waiting]);
          }
          ${TELL}`;
        assertWaits(await run(body), CALLEE, [[line(body, "waiter"), line(body, "holder"), 40]]);
      });

      it("blames who held next before, with callbacks, and who jumped the queue", async () => {
        const body = `
          const lock = new AsyncLock();
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            const last = new Promise((done) => {
              lock.acquire("key", (end) => setTimeout(end, 1), () => {}); //@first
              lock.acquire("key", (end) => setTimeout(end, 1), done); //@third
              lock.acquire("key", () => hold(1), { skipQueue: true }); //@second
            });
            await last;
          }
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const lines = linesOf(find(measured, CALLEE)).map(([waiter, holder, count]) => [
          waiter,
          holder,
          count,
        ]);
        assert.deepEqual(
          lines.sort(),
          [
            [line(body, "second"), line(body, "first"), 10],
            [line(body, "third"), line(body, "second"), 10],
          ].sort(),
        );
      });

      it("counts no wait where there is none", async () => {
        const body = `
          const truth = [0, 0];
          const lock = new AsyncLock();
          for (let i = 0; i < 300; i++) {
            await lock.acquire("key", () => i);
            await Promise.all([lock.acquire("a", () => hold(0)), lock.acquire(\`b\${i}\`, () => hold(0))]);
            await lock.acquire(["a", "key"], () => i);
          }
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual([measured, faults], [[], []]);
      });

      it("counts a wait that its caller gave up until then", async () => {
        const body = `
          const truth = [30_000, 30_001];
          const lock = new AsyncLock();
          const held = lock.acquire("key", () => hold(100));
          const given = await lock.acquire("key", () => "never", { timeout: 30 }).catch((error) => error.message);
          if (given !== "async-lock timed out in queue key") throw new Error(given);
          await held;
          ${TELL}`;
        const { truth, measured } = await run(body);
        const waits = find(measured, CALLEE);
        assert.equal(waits.count, 1);
        assertWithin(waits.micros, truth);
      });

      it("does with and without us the same", async () => {
        const body = `
          const lock = new AsyncLock({ maxPending: 2 });
          const told = [];
          const note = (word) => (value) => { told.push([word, value instanceof Error ? value.message : value]); };
          const all = [];
          const ask = (word, task, options) =>
            all.push(lock.acquire("key", task, options).then(note(word), note(word)));
          ask("first", () => hold(20));
          ask("second", () => { throw new Error("thrown"); });
          ask("third", async () => "third");
          ask("fourth", () => "too many");
          try { lock.acquire("key", null); } catch (error) { note("no function")(error); }
          const { acquire } = lock;
          try { acquire("key", () => 1); } catch (error) { note("detached")(error); }
          all.push(new Promise((done) => lock.acquire(["x", "y"], (end) => end(null, 7), (error, value) => done(note("both")(value)))));
          note("busy")([lock.isBusy("key"), lock.isBusy()]);
          await Promise.all(all);
          note("idle")([lock.isBusy("key"), AsyncLock.prototype.acquire.length, AsyncLock.prototype.acquire.name]);
          return told;`;
        assert.deepEqual(await run(body), await run(body, { probes: false }));
      });
    });
