// async-mutex: known waits by construction, right lines, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertLines,
  assertWithin,
  bodies,
  find,
  hasHooks,
  linesOf,
  nodeVersions,
  programOf,
  TELL,
  Workshop,
} from "./locks/run.ts";

const IMPORTS = {
  cjs: 'const { Mutex, Semaphore, withTimeout, tryAcquire, E_CANCELED } = require("async-mutex");',
  mjs: 'import { Mutex, Semaphore, withTimeout, tryAcquire, E_CANCELED } from "async-mutex";',
} as const;
const program = (format: "cjs" | "mjs", body: string) =>
  programOf(IMPORTS[format], `await patched(() => Semaphore.prototype.acquire);\n${body}`);

const nodes = nodeVersions();
const workshop = new Workshop();

for (const node of nodes)
  for (const format of ["cjs", "mjs"] as const)
    describe(`async-mutex, ${format}, Node ${node.major}`, () => {
      const { run, line } = bodies(workshop, node, format, (body) => program(format, body));

      it("measures a mutex's waits, waiter and holder", async () => {
        const body = `
          const mutex = new Mutex();
          const truth = [0, 0];
          for (let i = 0; i < 40; i++) {
            const release = await mutex.acquire(); //@holder
            const start = micros();
            const waiting = mutex.runExclusive(async () => { truth[1] += micros() - start; }); //@waiter
            const called = micros();
            await hold(20);
            truth[0] += micros() - called;
            release();
            await waiting;
          }
          ${TELL}`;
        const { truth, measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, "Mutex.runExclusive");
        assert.equal(measured.length, 1);
        assert.equal(waits.kind, "wait");
        assert.equal(waits.count, 40);
        assertWithin(waits.micros, truth);
        assert.deepEqual(linesOf(waits), [[line(body, "waiter"), line(body, "holder"), 40]]);
      });

      it("blames who held next before, in a queue", async () => {
        const body = `
          const mutex = new Mutex();
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            const all = [
              mutex.runExclusive(() => hold(1)), //@first
              mutex.runExclusive(() => hold(1)), //@second
              mutex.runExclusive(() => hold(1)), //@third
            ];
            await Promise.all(all);
          }
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, "Mutex.runExclusive");
        assert.equal(waits.count, 20);
        assert.deepEqual(
          linesOf(waits).sort(),
          [
            [line(body, "second"), line(body, "first"), 10],
            [line(body, "third"), line(body, "second"), 10],
          ].sort(),
        );
      });

      it("blames who held also when the mutex is released without its releaser", async () => {
        const body = `
          const mutex = new Mutex();
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            await mutex.acquire(); //@holder
            const waiting = mutex.acquire(); //@waiter
            await hold(1);
            mutex.release();
            await waiting;
            mutex.release();
          }
          ${TELL}`;
        const { measured } = await run(body);
        assert.deepEqual(linesOf(find(measured, "Mutex.acquire")), [
          [line(body, "waiter"), line(body, "holder"), 10],
        ]);
      });

      it("knows the holder in a semaphore of three", async () => {
        const body = `
          const semaphore = new Semaphore(3);
          const truth = [0, 0];
          for (let i = 0; i < 10; i++) {
            const long = [
              semaphore.runExclusive(() => hold(30)),
              semaphore.runExclusive(() => hold(30)),
            ];
            const short = semaphore.runExclusive(() => hold(1)); //@holder
            const waiting = semaphore.runExclusive(() => {}); //@waiter
            await Promise.all([...long, short, waiting]);
          }
          ${TELL}`;
        assertLines(await run(body), "Semaphore.runExclusive", 10, [
          line(body, "waiter"),
          line(body, "holder"),
        ]);
      });

      it("counts no wait where there is none", async () => {
        const body = `
          const truth = [0, 0];
          const mutex = new Mutex();
          const semaphore = new Semaphore(2);
          for (let i = 0; i < 500; i++) {
            await mutex.runExclusive(() => i);
            (await mutex.acquire())();
            await Promise.all([semaphore.runExclusive(() => turn()), semaphore.acquire().then(([, release]) => release())]);
            await mutex.waitForUnlock();
          }
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual(measured, []);
        assert.deepEqual(faults, []);
      });

      it("counts waits that are cancelled, and those for an unlock", async () => {
        const body = `
          const truth = [0, 0];
          const mutex = new Mutex();
          const release = await mutex.acquire();
          const start = micros();
          const cancelled = mutex.acquire().catch((error) => { truth[1] += micros() - start; return error === E_CANCELED; });
          let called = micros();
          await hold(50);
          truth[0] += micros() - called;
          mutex.cancel();
          if ((await cancelled) !== true) throw new Error("not cancelled");
          const again = micros();
          const unlocked = mutex.waitForUnlock().then(() => { truth[1] += micros() - again; });
          called = micros();
          await hold(50);
          truth[0] += micros() - called;
          release();
          await unlocked;
          ${TELL}`;
        const { truth, measured } = await run(body);
        const cancelled = find(measured, "Mutex.acquire");
        const unlocked = find(measured, "Mutex.waitForUnlock");
        assert.deepEqual([cancelled.count, unlocked.count], [1, 1]);
        const sum = cancelled.micros + unlocked.micros;
        assertWithin(sum, truth);
      });

      it("counts a wait that its caller gave up until then", async () => {
        const body = `
          const truth = [5000, 5000];
          const mutex = new Mutex();
          const release = await mutex.acquire();
          const timed = withTimeout(mutex, 5, new Error("late"));
          const result = await timed.runExclusive(() => {}).catch((error) => error.message);
          if (result !== "late") throw new Error(result);
          await hold(200);
          release();
          await turn();
          ${TELL}`;
        const { truth, measured, faults } = await run(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, "Mutex.acquire");
        assert.equal(waits.count, 1);
        // Where exports of ES modules can't be replaced, the library's own wait is counted instead.
        if (format === "cjs" || hasHooks(node)) assertWithin(waits.micros, truth);
        else assert.ok(waits.micros > truth[1]);
      });

      it("stops, also while somebody waits", async () => {
        const body = `
          const truth = [0, 0];
          const shape = () => [Semaphore.prototype.acquire, Semaphore.prototype.release, Mutex.prototype.runExclusive].map(String);
          const mutex = new Mutex();
          const release = await mutex.acquire();
          const waiting = mutex.runExclusive(() => 7);
          const before = shape();
          locks.stop();
          release();
          if ((await waiting) !== 7) throw new Error("lost");
          const again = await mutex.acquire();
          const other = mutex.acquire();
          again();
          (await other)();
          if (shape().join() === before.join() || mutex.isLocked()) throw new Error("not restored");
          ${TELL}`;
        const { measured, faults } = await run(body);
        assert.deepEqual([measured, faults], [[], []]);
      });

      it("changes nothing that a program can see", async () => {
        const body = `
          const seen = [];
          process.on("unhandledRejection", (error) => seen.push("unhandled " + error.message));
          const mutex = new Mutex(new Error("cancelled"));
          const semaphore = new Semaphore(2, new Error("no"));
          const shape = (f) => [f.name, f.length, Object.getOwnPropertyNames(f).sort().join()];
          seen.push(shape(Mutex.prototype.acquire), shape(Semaphore.prototype.acquire), shape(Semaphore.prototype.release), shape(withTimeout), shape(withTimeout(mutex, 1).acquire));
          seen.push(Object.getOwnPropertyNames(Semaphore.prototype), Object.keys(semaphore));
          const release = await mutex.acquire();
          seen.push(typeof release, release.length, release.name);
          mutex.acquire(); // nobody looks at its rejection
          const order = [1, 2, 3, 4].map((i) => mutex.runExclusive(() => { seen.push(i); return i; }, i % 2).catch((e) => e.message));
          mutex.cancel();
          seen.push(await Promise.all(order));
          await turn();
          const again = [1, 2, 3, 4].map((i) => mutex.runExclusive(() => { seen.push(i); if (i === 3) throw new Error("three"); return i; }, i % 2).catch((e) => e.message));
          await turn();
          release();
          release();
          seen.push(await Promise.all(again), mutex.isLocked());
          const [value, first] = await semaphore.acquire();
          const [other, second] = await semaphore.acquire(1);
          seen.push(value, other, semaphore.getValue());
          const late = semaphore.acquire(2, 5).then(([v, r]) => { seen.push("two " + v); r(); });
          const later = semaphore.acquire().then(([v, r]) => { seen.push("one " + v); r(); });
          first(); semaphore.release();
          await Promise.all([late, later]);
          second();
          semaphore.setValue(0);
          const blocked = semaphore.acquire().then(([v, r]) => { seen.push("set " + v); r(); });
          semaphore.setValue(1);
          await blocked;
          try { semaphore.acquire(0); } catch (error) { seen.push(error.message); }
          seen.push(await tryAcquire(semaphore).runExclusive((v) => v).catch((error) => error.message));
          return seen;`;
        const source = program(format, body);
        const plain = await workshop.run<unknown[]>(node, format, source, { probes: false });
        const watched = await workshop.run<unknown[]>(node, format, source);
        assert.ok(JSON.stringify(plain).includes("unhandled cancelled"));
        assert.deepEqual(watched, plain);
      });
    });
