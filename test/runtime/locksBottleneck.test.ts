// bottleneck: known waits by construction, right lines, its rates told apart, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertLines,
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
  cjs: 'const Bottleneck = require("bottleneck");',
  mjs: 'import Bottleneck from "bottleneck";',
} as const;
const CALLEE = "Bottleneck.schedule";

const workshop = new Workshop();

for (const node of nodeVersions())
  for (const format of ["cjs", "mjs"] as const)
    describe(`bottleneck, ${format}, Node ${node.major}`, () => {
      const program = (body: string) => programOf(IMPORTS[format], body);
      const { run, line } = bodies(workshop, node, format, program);

      it("measures waits: length, waiter, holder, queue, and a group's key", async () => {
        const body = `
          const group = new Bottleneck.Group({ maxConcurrent: 1 });
          const limiter = group.key("orders");
          const truth = [0, 0];
          for (let i = 0; i < 30; i++) {
            let free;
            const held = limiter.schedule(() => new Promise((done) => { free = done; })); //@holder
            while (free === undefined) await hold(1);
            const start = micros();
            const waiting = limiter.schedule(async () => { truth[1] += micros() - start; }); //@waiter
            const called = micros();
            await hold(30);
            truth[0] += micros() - called;
            free();
            await Promise.all([held, waiting]);
          }
          clearInterval(group.interval);
          ${TELL}`;
        const { truth, measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, CALLEE);
        assert.deepEqual([measured.length, waits.kind, waits.count], [1, "wait", 30]);
        assertWithin(waits.micros, truth);
        assert.deepEqual(linesOf(waits), [[line(body, "waiter"), line(body, "holder"), 30]]);
        assert.deepEqual(
          waits.details.map(({ key, queued, longestQueue }) => [key, queued, longestQueue]),
          [["orders", 30, 1]],
        );
      });

      it("knows the holder among three", async () => {
        const body = `
          const limiter = new Bottleneck({ maxConcurrent: 3 });
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            let free;
            const ends = [];
            const long = [1, 2].map(() => limiter.schedule(() => new Promise((done) => ends.push(done))));
            const short = limiter.schedule(() => new Promise((done) => { free = done; })); //@holder
            while (free === undefined) await hold(1);
            const waiting = limiter.schedule(async () => {}); //@waiter
            await hold(5);
            free();
            await Promise.all([short, waiting]);
            for (const end of ends) end();
            await Promise.all(long);
          }
          ${TELL}`;
        assertLines(await run(body), CALLEE, 10, [line(body, "waiter"), line(body, "holder")]);
      });

      it("counts no wait for a rate, nor where there is no limit or a place is free", async () => {
        const body = `
          const truth = [0, 0];
          const slow = new Bottleneck({ minTime: 60, maxConcurrent: 1 });
          const refilled = new Bottleneck({ reservoir: 2, reservoirRefreshInterval: 250, reservoirRefreshAmount: 2 });
          const wide = new Bottleneck();
          const two = new Bottleneck({ maxConcurrent: 2 });
          await slow.schedule(async () => {});
          await Promise.all(Array.from({ length: 6 }, () => slow.schedule(async () => {})));
          await Promise.all(Array.from({ length: 4 }, () => refilled.schedule(async () => {})));
          await refilled.disconnect();
          await Promise.all(Array.from({ length: 12 }, () => wide.schedule(() => hold(5))));
          for (let i = 0; i < 5; i++)
            await Promise.all([two.schedule(() => hold(5)), two.schedule(() => hold(5))]);
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const micros = measured.reduce((sum, { micros }) => sum + micros, 0);
        // They wait 1,260 ms for the rate. Where a turn comes too late for it, it is no rate.
        assert.ok(micros < 60_000, `${micros} µs`);
      });

      it("counts of a wait the part that is for a place, not the part that is for the rate", async () => {
        const body = `
          const MIN_TIME = 100;
          const limiter = new Bottleneck({ maxConcurrent: 1, minTime: MIN_TIME });
          let free;
          const asked = micros();
          let began = 0;
          const held = limiter.schedule(() => new Promise((done) => { began = micros(); free = done; }));
          while (free === undefined) await hold(1);
          let started = 0;
          const waiting = limiter.schedule(async () => { started = micros(); });
          await hold(MIN_TIME + 80);
          const freed = micros();
          free();
          await Promise.all([held, waiting]);
          // The first got its place between its call and its start.
          const truth = [freed - began - MIN_TIME * 1000, started - asked - MIN_TIME * 1000];
          ${TELL}`;
        const { truth, measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        assertWithin(find(measured, CALLEE).micros, truth);
      });

      it("does with and without us the same", async () => {
        const body = `
          const limiter = new Bottleneck({ maxConcurrent: 1, highWater: 3, strategy: Bottleneck.strategy.OVERFLOW });
          const storage = new (await import("node:async_hooks")).AsyncLocalStorage();
          const told = [];
          const seen = [];
          const events = ["received", "queued", "scheduled", "executing", "dropped", "done", "failed"];
          for (const event of events) limiter.on(event, (info) => { seen.push(JSON.stringify([event, info.args ?? info.message])); });
          const note = (word) => (value) => { told.push([word, value instanceof Error ? value.message : value]); };
          const ask = (word, ...args) => limiter.schedule(...args).then(note(word), note(word));
          // Which of two comes first is told by clocks, but not whether all five are there before the first is done.
          const full = new Promise((done) => limiter.once("dropped", () => setTimeout(done, 80)));
          await Promise.all([
            storage.run("here", () => ask("first", () => full.then(() => storage.getStore()))),
            ask("given", (a, b) => Promise.resolve(a + b), 1, 2),
            ask("thrown", () => { throw new Error("thrown"); }),
            ask("rejected", async () => { throw new Error("rejected"); }),
            ask("dropped", async () => 1),
          ]);
          await ask("expired", { expiration: 30 }, () => hold(120));
          told.push(await limiter.wrap(async (x) => x * 2)(4));
          await new Promise((done) => limiter.submit((x, back) => back(null, x), 5, (error, value) => { told.push([error, value]); done(); }));
          let begun = false;
          const running = ask("running", () => { begun = true; return hold(80); });
          while (!begun) await hold(1);
          const dropped = ask("stopped", async () => 1);
          await limiter.stop({ dropWaitingJobs: true });
          await Promise.all([running, dropped]);
          await ask("after", async () => 1);
          told.push(limiter.counts(), seen.sort());
          for (const name of ["_run", "schedule", "queued"]) {
            const { value, ...flags } = Object.getOwnPropertyDescriptor(Bottleneck.prototype, name);
            told.push([value.name, value.length, flags]);
          }
          told.push(Object.getOwnPropertyNames(Bottleneck.prototype));
          return told;`;
        assert.deepEqual(await run(body), await run(body, { probes: false }));
      });
    });
