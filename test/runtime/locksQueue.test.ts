// p-queue: known waits by construction, right lines, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertLines,
  assertWaits,
  assertWithin,
  bodies,
  find,
  nodeVersions,
  programOf,
  TELL,
  Workshop,
} from "./locks/run.ts";

const program = (body: string) =>
  programOf('import PQueue from "p-queue";', `await patched(() => PQueue.prototype.add);\n${body}`);
const CALLEE = "PQueue.add";

const workshop = new Workshop();

for (const node of nodeVersions())
  describe(`p-queue, Node ${node.major}`, () => {
    const { run, line } = bodies(workshop, node, "mjs", program);

    it("measures waits, waiter and holder", async () => {
      const body = `
        const queue = new PQueue({ concurrency: 1 });
        const truth = [0, 0];
        for (let i = 0; i < 40; i++) {
          let free;
          const held = queue.add(() => new Promise((done) => { free = done; })); //@holder
          const start = micros();
          const waiting = queue.add(() => { truth[1] += micros() - start; }); //@waiter
          const called = micros();
          await hold(20);
          truth[0] += micros() - called;
          free();
          await Promise.all([held, waiting]);
        }
        ${TELL}`;
      assertWaits(await run(body), CALLEE, [[line(body, "waiter"), line(body, "holder"), 40]]);
    });

    it("knows the holder among three", async () => {
      const body = `
        const queue = new PQueue({ concurrency: 3 });
        const truth = [0, 0];
        for (let i = 0; i < 10; i++) {
          const long = [queue.add(() => hold(30)), queue.add(() => hold(30))];
          const short = queue.add(() => hold(1)); //@holder
          const waiting = queue.add(() => {}); //@waiter
          await Promise.all([...long, short, waiting]);
        }
        ${TELL}`;
      assertLines(await run(body), CALLEE, 10, [line(body, "waiter"), line(body, "holder")]);
    });

    it("counts no wait where there is none, nor in a paused queue", async () => {
      const body = `
        const truth = [0, 0];
        const queue = new PQueue({ concurrency: 2 });
        const wide = new PQueue();
        const paused = new PQueue({ concurrency: 1, autoStart: false });
        for (let i = 0; i < 300; i++) {
          await Promise.all([queue.add(() => turn()), queue.add(() => i)]);
          await turn();
          await Promise.all([wide.add(() => turn()), wide.add(() => i), wide.add(() => i)]);
        }
        const later = [paused.add(() => 1)];
        await hold(20);
        paused.start();
        await Promise.all(later);
        ${TELL}`;
      const { measured, faults } = await run(body);
      assert.deepEqual([measured, faults], [[], []]);
    });

    it("counts no rate, only what waits for a place beside it", async () => {
      const body = `
        const truth = [0, 0];
        const queue = new PQueue({ concurrency: 1, intervalCap: 1, interval: 400 });
        // The second one waits for the first one's place, and then for the interval.
        let free, ended;
        const first = queue.add(() => new Promise((done) => { free = done; })).then(() => { ended = micros(); });
        const start = micros();
        const second = queue.add(() => {});
        const called = micros();
        await hold(40);
        truth[0] = micros() - called;
        free();
        await first;
        truth[1] = ended - start;
        await second;
        ${TELL}`;
      const { truth, measured, faults } = await run(body);
      assert.deepEqual(faults, []);
      const waits = find(measured, CALLEE);
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
    });

    it("counts no pause that comes while somebody waits", async () => {
      const body = `
        const truth = [0, 0];
        const queue = new PQueue({ concurrency: 1 });
        let free;
        const first = queue.add(() => new Promise((done) => { free = done; }));
        const start = micros();
        const second = queue.add(() => {});
        const called = micros();
        queue.pause();
        await hold(20);
        truth[0] = micros() - called;
        free();
        await first;
        await turn();
        truth[1] = micros() - start;
        await hold(200);
        queue.start();
        await second;
        ${TELL}`;
      const { truth, measured, faults } = await run(body);
      assert.deepEqual(faults, []);
      const waits = find(measured, CALLEE);
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
    });

    it("counts waits in a queue that is emptied until then", async () => {
      const body = `
        const truth = [0, 0];
        const queue = new PQueue({ concurrency: 1 });
        const held = queue.add(() => hold(60));
        const start = micros();
        void queue.add(() => {});
        const called = micros();
        await hold(30);
        truth[0] = micros() - called;
        queue.clear();
        truth[1] = micros() - start;
        await held;
        ${TELL}`;
      const { truth, measured } = await run(body);
      const waits = find(measured, CALLEE);
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
    });

    it("does with and without us the same", async () => {
      const body = `
        const queue = new PQueue({ concurrency: 1 });
        const told = [];
        const note = (word) => (value) => { told.push([word, value instanceof Error ? value.message : value]); };
        const ask = (word, task, options) => queue.add(task, options).then(note(word), note(word));
        await Promise.all([
          ask("first", () => hold(5)),
          ask("given", (given) => Object.keys(given)),
          ask("thrown", () => { throw new Error("thrown"); }),
          ask("rejected", async () => { throw new Error("rejected"); }),
          ask("important", () => told.length, { priority: 1 }),
          ask("wrong", () => 1, { timeout: -1 }),
          ask("none", 7),
          ask("aborted", () => 1, { signal: AbortSignal.abort(new Error("aborted")) }),
        ]);
        const { add: detached } = queue;
        told.push(await detached(() => 1).catch((error) => error.constructor.name));
        const controller = new AbortController();
        const before = ask("before", () => hold(5));
        const late = ask("late", () => 1, { signal: controller.signal });
        controller.abort(new Error("late"));
        await Promise.all([late, before]);
        await queue.addAll([() => told.push(["all", 1]), () => told.push(["all", 2])]);
        await queue.onIdle();
        const { add, clear } = PQueue.prototype;
        told.push([add.name, add.length, clear.name, clear.length, Object.keys(PQueue.prototype), queue.size, queue.pending]);
        return told;`;
      assert.deepEqual(await run(body), await run(body, { probes: false }));
    });
  });
