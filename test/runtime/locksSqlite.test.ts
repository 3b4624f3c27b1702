// node:sqlite: waits for a lock that another thread's connection has, by construction, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertWithin,
  bodies,
  find,
  linesOf,
  nodeVersions,
  programOf,
  type Told,
  Workshop,
} from "./locks/run.ts";

const HEADER = `
const { DatabaseSync, StatementSync } = require("node:sqlite");
const { Worker, isMainThread, workerData } = require("node:worker_threads");
const { mkdtempSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { tmpdir } = require("node:os");
if (!isMainThread) {
  // Takes the lock when it is told to, and holds it for so many milliseconds.
  const { file, cells } = workerData;
  const other = new DatabaseSync(file);
  for (;;) {
    Atomics.wait(cells, 0, 0);
    const millis = Atomics.load(cells, 0);
    if (millis < 0) process.exit();
    other.exec("BEGIN IMMEDIATE");
    Atomics.store(cells, 0, 0);
    Atomics.store(cells, 1, 1);
    Atomics.notify(cells, 1);
    Atomics.wait(cells, 2, 0, millis);
    other.exec("COMMIT"); //@commit
  }
}
const folder = mkdtempSync(join(tmpdir(), "darcy sqlite "));
const file = join(folder, "shop.db");
const open = (timeout) => new DatabaseSync(file, { timeout });
const first = open(0);
first.exec("PRAGMA journal_mode = WAL; CREATE TABLE orders (id INTEGER)");
const cells = new Int32Array(new SharedArrayBuffer(16));
const worker = new Worker(__filename, { workerData: { file, cells } });
const locked = (millis) => {
  Atomics.store(cells, 1, 0);
  Atomics.store(cells, 0, millis);
  Atomics.notify(cells, 0);
  while (Atomics.load(cells, 1) === 0) Atomics.wait(cells, 1, 0);
};
const finish = async (told) => {
  Atomics.store(cells, 0, -1);
  Atomics.notify(cells, 0);
  await new Promise((done) => worker.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
  return told;
};
const mine = () => locks.cut().filter(({ callee }) => callee.startsWith("DatabaseSync"));
`;
const program = (body: string) =>
  programOf(HEADER, `if (!isMainThread) return;\n${body}`).replace(
    "main().then(say)",
    "if (isMainThread) main().then(say)",
  );

const workshop = new Workshop();

for (const node of nodeVersions().filter(({ major }) => major >= 22))
  describe(`node:sqlite, Node ${node.major}`, () => {
    const { run, line } = bodies(workshop, node, "cjs", program);

    it("measures what waits until it begins to write, or fails because it is busy", async () => {
      const body = `
        const patient = open(5_000);
        const statement = patient.prepare("BEGIN EXCLUSIVE");
        const truth = [0, 0];
        // On a crowded machine the lock may be free again before it is asked for.
        const waited = [0, 0];
        for (let i = 0; i < 8; i++) {
          locked(30);
          const start = micros();
          if (i % 2 === 0) patient.exec("BEGIN IMMEDIATE"); //@exec
          else statement.run(); //@run
          const took = micros() - start;
          if (took >= 1_000) {
            truth[1] += took;
            waited[i % 2]++;
          }
          patient.exec("COMMIT");
        }
        // A crowded machine takes the thread from between the two clocks, too.
        truth[0] = truth[1] * 0.85;
        const begins = mine();
        const hasty = open(20);
        let failures = 0;
        let spent = 0;
        for (let i = 0; i < 4; i++) {
          locked(120);
          const start = micros();
          try { hasty.exec("INSERT INTO orders VALUES (1)"); } catch { failures++; } //@busy
          spent += micros() - start;
          await hold(130);
        }
        return finish({ truth, waited, measured: begins, faults: locks.faults, spent, failures, busy: mine() });`;
      const told = (await run(body)) as Told & {
        waited: [exec: number, run: number];
        spent: number;
        failures: number;
        busy: Told["measured"];
      };
      const [byExec, byRun] = told.waited;
      assert.ok(byExec > 0 && byRun > 0);
      assert.deepEqual(told.faults, []);
      const begins = find(told.measured, "DatabaseSync, begin");
      assert.deepEqual([told.measured.length, begins.kind, begins.count], [1, "wait", byExec + byRun]);
      assertWithin(begins.micros, told.truth);
      assert.deepEqual(
        linesOf(begins).sort(),
        [
          [line(body, "exec"), line(body, "commit"), byExec],
          [line(body, "run"), line(body, "commit"), byRun],
        ].sort(),
      );
      const busy = find(told.busy, "DatabaseSync, busy");
      assert.deepEqual([told.busy.length, busy.count, told.failures], [1, 4, 4]);
      assertWithin(busy.micros, [told.spent * 0.96, told.spent]);
      assert.deepEqual(linesOf(busy), [[line(body, "busy"), null, 4]]);
    });

    it("names another connection of this thread whose transaction is open", async () => {
      const body = `
        const [owner, hasty] = [open(0), open(20)];
        const collide = () => {
          owner.exec("BEGIN IMMEDIATE"); //@owner
          let failed = 0;
          try { hasty.exec("BEGIN IMMEDIATE"); } catch { failed = 1; } //@hasty
          owner.exec("COMMIT");
          try { hasty.exec("BEGIN IMMEDIATE"); hasty.exec("ROLLBACK"); } catch { failed = 2; }
          return failed;
        };
        // What is met without a line asks for lines.
        collide();
        locks.cut();
        const failures = [collide(), collide(), collide()];
        return finish({ truth: [0, 0], measured: mine(), faults: locks.faults, failures });`;
      const told = (await run(body)) as Told & { failures: number[] };
      assert.deepEqual([told.faults, told.failures], [[], [1, 1, 1]]);
      const busy = find(told.measured, "DatabaseSync, busy");
      assert.deepEqual(linesOf(busy), [[line(body, "hasty"), line(body, "owner"), 3]]);
    });

    it("counts no wait where nobody has the lock", async () => {
      const body = `
        const patient = open(5_000);
        const insert = patient.prepare("INSERT INTO orders VALUES (?)");
        for (let i = 0; i < 200; i++) {
          patient.exec("BEGIN IMMEDIATE");
          insert.run(i);
          patient.exec("COMMIT");
          insert.run(i);
          patient.prepare("SELECT count(*) FROM orders").get();
        }
        return finish({ truth: [0, 0], measured: mine(), faults: locks.faults });`;
      const { measured, faults } = await run(body);
      assert.deepEqual(faults, []);
      // A loaded machine may let even this thread wait for a processor.
      assert.ok(measured.reduce((sum, { count }) => sum + count, 0) <= 4, JSON.stringify(measured));
    });

    it("does with and without us the same", async () => {
      const body = `
        const told = [];
        const trial = (action) => { try { return action(); } catch (error) { return [error.name, error.code, error.errcode, error.message]; } };
        const hasty = open(10);
        locked(500);
        told.push(trial(() => hasty.exec("INSERT INTO orders VALUES (1)")), trial(() => hasty.exec("BEGIN EXCLUSIVE")));
        await hold(600);
        const insert = hasty.prepare("INSERT INTO orders VALUES (?)");
        told.push(trial(() => insert.run(7)), trial(() => hasty.prepare("SELECT * FROM orders").all()), trial(() => insert.run({})), trial(() => hasty.exec("nonsense")), trial(() => hasty.exec(1)));
        told.push(trial(() => StatementSync.prototype.run.call({})), trial(() => DatabaseSync.prototype.exec()));
        for (const [prototype, names] of [[StatementSync.prototype, ["run", "get", "all"]], [DatabaseSync.prototype, ["exec"]]])
          for (const name of names) {
            const { value, ...flags } = Object.getOwnPropertyDescriptor(prototype, name);
            told.push([value.name, value.length, flags]);
          }
        told.push(trial(() => StatementSync.prototype.run()), trial(() => DatabaseSync.prototype.exec("COMMIT")));
        hasty.close();
        told.push(trial(() => insert.run(8)));
        told.push(trial(() => hasty.exec("SELECT 1")));
        return finish(told);`;
      assert.deepEqual(await run(body), await run(body, { probes: false }));
    });
  });
