// p-limit: known waits by construction; where its ES module can't be reached, that is said.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertWithin,
  bodies,
  find,
  hasHooks,
  linesOf,
  nodeVersions,
  programOf,
  TELL,
  type Told,
  Workshop,
} from "./locks/run.ts";

const IMPORTS = {
  mjs: 'import pLimit, { limitFunction } from "p-limit";',
  cjs: 'const { default: pLimit, limitFunction } = require("p-limit");',
} as const;
const program = (format: "cjs" | "mjs", body: string) => programOf(IMPORTS[format], body);

const nodes = nodeVersions();
const workshop = new Workshop();

for (const node of nodes.filter((one) => !hasHooks(one)))
  describe(`p-limit, Node ${node.major}`, () => {
    it("says that its ES module can't be measured", async () => {
      const body = `
        const deadline = Date.now() + 20_000;
        const said = () => locks.notices.filter((notice) => /p-limit/.test(notice));
        while (said().length === 0 && Date.now() < deadline) await turn();
        return [said(), pLimit(1).activeCount];`;
      const source = program("mjs", body);
      const [notices] = await workshop.run<[string[]]>(node, "mjs", source);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? "", /p-limit as an ES module/);
    });
  });

/** Starts its functions a moment after the call, as p-limit did before version 7. */
const STARTS_LATER = `
module.exports = (concurrency) => {
  const queue = [];
  let active = 0;
  const next = () => {
    if (active < concurrency && queue.length > 0) queue.shift()();
  };
  const run = async (task, done, args) => {
    active++;
    const result = (async () => task(...args))();
    done(result);
    await result.catch(() => {});
    active--;
    next();
  };
  const limit = (task, ...args) => new Promise((done) => {
    queue.push(() => run(task, done, args));
    Promise.resolve().then(next);
  });
  return Object.defineProperties(limit, {
    activeCount: { get: () => active },
    pendingCount: { get: () => queue.length },
    clearQueue: { value: () => { queue.length = 0; } },
  });
};`;
/** Ten at once, one at a time: the second one waits alone, the last one as one of nine. */
const BURST = `
  const limit = pLimit(1);
  await Promise.all(Array.from({ length: 10 }, () => limit(() => hold(2))));
  const truth = [0, 0];
  ${TELL}`;
function assertBurst({ measured, faults }: Told): void {
  assert.deepEqual(faults, []);
  const waits = find(measured, "p-limit");
  const queued = waits.details.reduce((sum, detail) => sum + detail.queued, 0);
  const lengths = waits.details.reduce((sum, detail) => sum + detail.queueLength, 0);
  const longest = Math.max(...waits.details.map(({ longestQueue }) => longestQueue));
  assert.deepEqual([waits.count, longest], [9, 9]);
  // All are sampled: 1 + 2 + … + 9.
  assert.deepEqual([queued, lengths], [9, 45]);
}

for (const node of nodes)
  it(`p-limit 3 to 6, Node ${node.major}: tells how many wait`, async () => {
    await workshop.addPackage("p-limit", STARTS_LATER);
    const from =
      'const pLimit = require("node:module").createRequire(__dirname + "/beside/x.js")("p-limit");';
    assertBurst(await workshop.run<Told>(node, "cjs", programOf(from, BURST)));
  });

for (const node of nodes.filter(hasHooks))
  for (const format of ["mjs", "cjs"] as const)
    describe(`p-limit, ${format}, Node ${node.major}`, () => {
      const { run, line } = bodies(workshop, node, format, (body) => program(format, body));

      it("measures waits, waiter and holder", async () => {
        const body = `
          const truth = [0, 0];
          let ended = 0;
          const limit = pLimit(1);
          for (let i = 0; i < 30; i++) {
            const first = limit(() => hold(20).then(() => { ended = micros(); })); //@holder
            const start = micros();
            const second = limit(async (add) => { truth[1] += add + micros() - start; }, 0); //@waiter
            const called = micros();
            await Promise.all([first, second]);
            truth[0] += ended - called;
          }
          ${TELL}`;
        const { truth, measured, faults } = await run<Told>(body);
        assert.deepEqual(faults, []);
        const waits = find(measured, "p-limit");
        assert.equal(waits.count, 30);
        assertWithin(waits.micros, truth);
        assert.deepEqual(linesOf(waits), [[line(body, "waiter"), line(body, "holder"), 30]]);
      });

      it("counts exactly those that wait, with several slots", async () => {
        const body = `
          const limit = pLimit({ concurrency: 3 });
          for (let i = 0; i < 20; i++) {
            await Promise.all([1, 2, 3].map(() => limit(turn)));
            await Promise.all([1, 2, 3, 4, 5].map(() => limit(() => hold(1))));
          }
          const truth = [0, 0];
          ${TELL}`;
        const { measured, faults } = await run<Told>(body);
        assert.deepEqual(faults, []);
        assert.equal(find(measured, "p-limit").count, 40);
      });

      it("tells how many wait", async () => assertBurst(await run<Told>(BURST)));

      it("ends waits that are cleared away, and measures map", async () => {
        const body = `
          const limit = pLimit(1);
          const running = limit(() => hold(100));
          const start = micros();
          limit(() => {}); limit(() => {});
          const called = micros();
          await hold(50);
          const clearing = micros();
          limit.clearQueue();
          const truth = [2 * (clearing - called), 2 * (micros() - start)];
          await running;
          if (typeof limit.map === "function") await limit.map([1, 2, 3], () => hold(2));
          ${TELL}`;
        const { truth, measured } = await run<Told>(body);
        const cleared = find(measured, "p-limit");
        assert.equal(cleared.count, 2);
        assertWithin(cleared.micros, truth);
        assert.equal(find(measured, "p-limit map").count, 2);
      });

      it("changes nothing that a program can see", async () => {
        const body = `
          const seen = [];
          process.on("unhandledRejection", (error) => seen.push("unhandled " + error.message));
          const limit = pLimit(2);
          const shape = (f) => [typeof f, f.name, f.length, Object.getOwnPropertyNames(f).sort(), Object.getPrototypeOf(f) === Function.prototype];
          const hows = Object.values(Object.getOwnPropertyDescriptors(limit)).map(({ value, get, set, ...how }) => [how, typeof value, typeof get, typeof set]);
          seen.push(shape(pLimit), shape(limit), shape(limit.clearQueue), shape(limit.map ?? turn), hows);
          for (const wrong of [0, "2", undefined, {}]) try { pLimit(wrong); } catch (error) { seen.push(error.message); }
          try { new limit(() => 1); } catch (error) { seen.push(error.name); }
          const jobs = [1, 2, 3, 4, 5].map((i) => limit(async (a, b) => { seen.push([a, b, limit.activeCount, limit.pendingCount]); await turn(); if (a === 3) throw new Error("three"); return a; }, i, -i).catch((error) => error.message));
          seen.push(limit.activeCount, limit.pendingCount, await Promise.all(jobs));
          limit(() => { throw new Error("sync"); }).catch((error) => seen.push(error.message));
          limit(() => Promise.reject(new Error("nobody looks")));
          limit(5).catch((error) => seen.push(error.name));
          await turn();
          let thenables = 0;
          seen.push(await limit(() => ({ then(done) { thenables++; done("thenable"); } })), thenables);
          if ("concurrency" in limit) { limit.concurrency = 1; seen.push(limit.concurrency); }
          const limited = limitFunction(async (x) => x * 2, { concurrency: 1 });
          seen.push(await Promise.all([limited(1), limited(2)]));
          if (limit.map) seen.push(await limit.map([3, 4], (x, i) => [x, i]));
          return seen;`;
        const plain = await run<unknown[]>(body, { probes: false });
        assert.ok(JSON.stringify(plain).includes("unhandled nobody"));
        assert.deepEqual(await run<unknown[]>(body), plain);
      });
    });
