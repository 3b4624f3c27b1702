// async-sema and await-lock: known waits by construction, right lines, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertLines,
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

/** `make(slots)` and `acquire(lock)` are the program's own words for them. */
const LIBRARIES = [
  {
    name: "async-sema",
    formats: {
      cjs: 'const { RateLimit, Sema } = require("async-sema");',
      mjs: 'import { RateLimit, Sema } from "async-sema";',
    },
    make: "new Sema(1)",
    acquire: "acquire",
    callee: "Sema.acquire",
    prototype: "Sema.prototype",
  },
  {
    name: "await-lock",
    formats: { mjs: 'import AwaitLock from "await-lock";' },
    make: "new AwaitLock()",
    acquire: "acquireAsync",
    callee: "AwaitLock.acquireAsync",
    prototype: "AwaitLock.prototype",
  },
] as const;

const workshop = new Workshop();

for (const node of nodeVersions())
  for (const { name, formats, make, acquire, callee, prototype } of LIBRARIES)
    for (const [format, header] of Object.entries(formats) as ["cjs" | "mjs", string][])
      describe(`${name}, ${format}, Node ${node.major}`, () => {
        const program = (body: string) =>
          programOf(header, `await patched(() => ${prototype}.${acquire});\n${body}`);
        const { run, line } = bodies(workshop, node, format, program);

        it("measures waits, waiter and holder", async () => {
          const body = `
            const lock = ${make};
            const truth = [0, 0];
            for (let i = 0; i < 40; i++) {
              await lock.${acquire}(); //@holder
              const start = micros();
              const waiting = lock.${acquire}().then(() => { truth[1] += micros() - start; }); //@waiter
              const called = micros();
              await hold(20);
              truth[0] += micros() - called;
              lock.release();
              await waiting;
              lock.release();
            }
            ${TELL}`;
          assertWaits(await run(body), callee, [[line(body, "waiter"), line(body, "holder"), 40]]);
        });

        it("blames who held next before, in a queue", async () => {
          const body = `
            const lock = ${make};
            const truth = [0, 0];
            const used = async (entered) => { await entered; await hold(1); lock.release(); };
            for (let i = 0; i < 10; i++) {
              await Promise.all([
                used(lock.${acquire}()), //@first
                used(lock.${acquire}()), //@second
                used(lock.${acquire}()), //@third
              ]);
            }
            ${TELL}`;
          const { measured, faults } = await run(body);
          assert.deepEqual(faults, []);
          assert.deepEqual(
            linesOf(find(measured, callee)).sort(),
            [
              [line(body, "second"), line(body, "first"), 10],
              [line(body, "third"), line(body, "second"), 10],
            ].sort(),
          );
        });

        it("counts no wait where there is none, also after a try", async () => {
          const body = `
            const truth = [0, 0];
            const lock = ${make};
            for (let i = 0; i < 500; i++) {
              await lock.${acquire}();
              lock.release();
              if (!lock.tryAcquire()) throw new Error("not free");
              lock.release();
            }
            ${TELL}`;
          const { measured, faults } = await run(body);
          assert.deepEqual([measured, faults], [[], []]);
        });

        it("does with and without us the same", async () => {
          const body = `
            const lock = ${make};
            const told = [];
            const all = [1, 2, 3].map((at) => lock.${acquire}().then(async () => {
              told.push(["in", at]);
              await hold(1);
              told.push(["out", at]);
              lock.release();
            }));
            await Promise.all(all);
            try { lock.release(); told.push("released"); } catch (error) { told.push(error.message); }
            const { ${acquire}: method } = ${prototype};
            told.push([method.name, method.length, Object.keys(${prototype})]);
            return told;`;
          assert.deepEqual(await run(body), await run(body, { probes: false }));
        });

        if (name === "await-lock")
          it("counts a wait that its caller gave up until then", async () => {
            const body = `
              const truth = [30_000, 30_001];
              const lock = ${make};
              await lock.acquireAsync();
              await lock.acquireAsync({ timeout: 30 }).catch(() => {});
              await hold(70);
              lock.release();
              ${TELL}`;
            const { truth, measured } = await run(body);
            assert.equal(find(measured, callee).count, 1);
            assertWithin(find(measured, callee).micros, truth);
          });
        else {
          it("takes no rate for contention", async () => {
            const body = `
              const truth = [0, 0];
              const passed = RateLimit(1, { timeUnit: 20 });
              await Promise.all([passed(), passed(), passed()]);
              ${TELL}`;
            const { measured, faults } = await run(body);
            assert.deepEqual([measured, faults], [[], []]);
          });

          it("blames who releases, of several holders", async () => {
            const body = `
              const truth = [0, 0];
              const lock = new Sema(2);
              const done = () => lock.release(); //@releaser
              for (let i = 0; i < 10; i++) {
                await Promise.all([lock.acquire(), lock.acquire()]);
                const waiting = lock.acquire(); //@waiter
                await hold(1);
                done();
                await waiting;
                lock.release();
                lock.release();
              }
              ${TELL}`;
            assertLines(await run(body), callee, 10, [line(body, "waiter"), line(body, "releaser")]);
          });
        }
      });
