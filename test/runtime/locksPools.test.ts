// generic-pool, tarn, pg-pool and mysql2's pool: known waits by construction, right lines, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertWithin, bodies, find, linesOf, nodeVersions, programOf, Workshop } from "./locks/run.ts";

interface Library {
  readonly formats: Readonly<Partial<Record<"cjs" | "mjs", string>>>;
  readonly callee: string;
  /** `make(most, options)` makes a pool, `close` ends one. */
  readonly words: string;
  /** What stands for `take(pool)` and `give(pool, $)` in a program: on its own line. */
  readonly take: string;
  readonly give: string;
  /** What tells its caller to give up after 30 ms, by its pool's options. */
  readonly impatient?: string;
  readonly prototype: string;
  readonly methods: readonly string[];
  /** Of a pool's own name. */
  readonly key: string | null;
}

/** A server of the client library's own, in the program. */
const MYSQL_SERVER = `
const server = mysql.createServer();
server.on("connection", (connection) => {
  connection.serverHandshake({ protocolVersion: 10, serverVersion: "8", connectionId: 1, statusFlags: 2, characterSet: 8, capabilityFlags: 0xffffff });
  connection.on("query", () => connection.writeOk());
  connection.on("error", () => {});
});
await new Promise((done) => server.listen(0, done));
const { port } = server._server.address();`;

const LIBRARIES: Readonly<Record<string, Library>> = {
  "generic-pool": {
    formats: { cjs: 'const pools = require("generic-pool");', mjs: 'import pools from "generic-pool";' },
    callee: "Pool.acquire",
    take: "pool.acquire()",
    give: "pool.release($)",
    words: `
const make = (max, options) => pools.createPool({ create: async () => { await hold(40); return {}; }, destroy: async () => {} }, { max, ...options });
const close = async (pool) => { await pool.drain(); await pool.clear(); };`,
    impatient: "{ acquireTimeoutMillis: 30 }",
    prototype: "pools.Pool.prototype",
    methods: ["acquire", "release", "destroy"],
    key: null,
  },
  tarn: {
    formats: { cjs: 'const tarn = require("tarn");', mjs: 'import tarn from "tarn";' },
    callee: "Pool.acquire",
    take: "pool.acquire().promise",
    give: "pool.release($)",
    words: `
const make = (max, options) => new tarn.Pool({ create: async () => { await hold(40); return {}; }, destroy: () => {}, min: 0, max, ...options });
const close = (pool) => pool.destroy();`,
    impatient: "{ acquireTimeoutMillis: 30 }",
    prototype: "tarn.Pool.prototype",
    methods: ["acquire", "release"],
    key: null,
  },
  "pg-pool": {
    formats: { cjs: 'const PgPool = require("pg-pool");', mjs: 'import PgPool from "pg-pool";' },
    callee: "Pool.connect",
    take: "pool.connect()",
    give: "$.release()",
    words: `
const { EventEmitter } = process.getBuiltinModule ? process.getBuiltinModule("events") : await import("node:events");
class Client extends EventEmitter {
  _queryable = true;
  connect(done) { setTimeout(done, 40); }
  isConnected() { return false; }
  end(done) { if (done) setImmediate(done); }
}
const make = (max, options) => new PgPool({ max, Client, database: "shop", ...options });
const close = (pool) => pool.end();`,
    impatient: "{ connectionTimeoutMillis: 30 }",
    prototype: "PgPool.prototype",
    methods: ["connect", "newClient", "_acquireClient", "_release"],
    key: "shop",
  },
  mysql2: {
    formats: { cjs: 'const mysql = require("mysql2");', mjs: 'import mysql from "mysql2";' },
    callee: "Pool.getConnection",
    take: "new Promise((done, fail) => { pool.getConnection((error, connection) => error ? fail(error) : done(connection)); })",
    give: "$.release()",
    words: `${MYSQL_SERVER}
const make = (connectionLimit, options) => mysql.createPool({ host: "127.0.0.1", port, user: "u", database: "shop", connectionLimit, ...options });
const close = async (pool) => { await pool.promise().end(); await new Promise((done) => server.close(done)); };`,
    prototype: 'Object.getPrototypeOf(Object.getPrototypeOf(mysql.createPool({ host: "x" })))',
    methods: ["getConnection", "releaseConnection"],
    key: "shop",
  },
};

const workshop = new Workshop();

for (const node of nodeVersions())
  for (const [name, library] of Object.entries(LIBRARIES))
    for (const [format, header] of Object.entries(library.formats) as ["cjs" | "mjs", string][])
      describe(`${name}, ${format}, Node ${node.major}`, () => {
        const { callee, words, take, give, prototype, methods, impatient, key } = library;
        const program = (body: string) => {
          const taken = body.replaceAll("take(pool)", take);
          const given = taken.replaceAll(/give\(pool, (\w+)\)/g, (_, one: string) => give.replace("$", one));
          return programOf(header, `${words}\n${given}`);
        };
        const { run, line } = bodies(workshop, node, format, program);

        it("measures waits: length, waiter, holder, releaser, queue", async () => {
          const body = `
            const pool = make(1);
            const made = await take(pool);
            give(pool, made);
            await turn();
            locks.cut();
            const truth = [0, 0];
            for (let i = 0; i < 30; i++) {
              const held = await take(pool); //@holder
              const start = micros();
              const waiting = take(pool).then((one) => { truth[1] += micros() - start; give(pool, one); }); //@waiter
              const called = micros();
              await hold(20);
              truth[0] += micros() - called;
              give(pool, held); //@releaser
              await waiting;
              await turn();
            }
            const told = { truth, measured: locks.cut(), faults: locks.faults };
            await close(pool);
            return told;`;
          const { truth, measured, faults } = await run(body);
          assert.deepEqual(faults, []);
          const waits = find(measured, callee);
          assert.deepEqual([measured.length, waits.kind, waits.count], [1, "pool wait", 30]);
          assertWithin(waits.micros, truth);
          assert.deepEqual(linesOf(waits), [[line(body, "waiter"), line(body, "holder"), 30]]);
          const [detail, ...others] = waits.details;
          assert.equal(others.length, 0);
          assert.deepEqual(detail, {
            waiter: line(body, "waiter"),
            key,
            releaser: line(body, "releaser"),
            queued: 30,
            queueLength: 30,
            longestQueue: 1,
          });
        });

        it("counts no wait while resources are made, nor without a queue", async () => {
          const body = `
            const pool = make(3);
            // All are made, each for its own caller.
            const first = await Promise.all([take(pool), take(pool), take(pool)]);
            for (const one of first) give(pool, one);
            await turn();
            for (let i = 0; i < 100; i++) {
              const some = await Promise.all([take(pool), take(pool), take(pool)]);
              for (const one of some) give(pool, one);
              await turn();
            }
            const truth = [0, 0];
            const told = { truth, measured: locks.cut(), faults: locks.faults };
            await close(pool);
            return told;`;
          const { measured, faults } = await run(body);
          assert.deepEqual([measured, faults], [[], []]);
        });

        it("knows the holder among three, and how many wait", async () => {
          const body = `
            const pool = make(3);
            const all = await Promise.all([take(pool), take(pool), take(pool)]);
            for (const one of all) give(pool, one);
            await turn();
            locks.cut();
            for (let i = 0; i < 30; i++) {
              const long = [await take(pool), await take(pool)];
              const short = await take(pool); //@holder
              const waiting = [1, 2].map(() => take(pool)); //@waiter
              await hold(2);
              give(pool, short);
              const one = await waiting[0];
              await turn();
              give(pool, one);
              long.push(await waiting[1]);
              for (const other of long) give(pool, other);
              await turn();
            }
            const truth = [0, 0];
            const told = { truth, measured: locks.cut(), faults: locks.faults };
            await close(pool);
            return told;`;
          const { measured, faults } = await run(body);
          assert.deepEqual(faults, []);
          const waits = find(measured, callee);
          assert.equal(waits.count, 60);
          const [waiter, holder] = [line(body, "waiter"), line(body, "holder")];
          const pairs = linesOf(waits).map(([who, whom]) => `${who} for ${whom}`);
          // The second gets what the first had.
          assert.deepEqual(pairs.sort(), [`${waiter} for ${holder}`, `${waiter} for ${waiter}`].sort());
          assert.equal(Math.max(...waits.details.map(({ longestQueue }) => longestQueue)), 2);
        });

        it("names who gives a place back in a pool of many", async () => {
          const body = `
            const pool = make(40);
            const all = await Promise.all(Array.from({ length: 40 }, () => take(pool)));
            for (const one of all) give(pool, one);
            await turn();
            locks.cut();
            for (let i = 0; i < 60; i++) {
              const held = [];
              for (let k = 0; k < 40; k++) held.push(await take(pool)); //@holder
              const waiting = [1, 2, 3].map(() => take(pool)); //@waiter
              await hold(2);
              for (const one of held) give(pool, one); //@giver
              for (const one of await Promise.all(waiting)) give(pool, one);
              await turn();
            }
            const truth = [0, 0];
            const told = { truth, measured: locks.cut(), faults: locks.faults };
            await close(pool);
            return told;`;
          const { measured, faults } = await run(body);
          assert.deepEqual(faults, []);
          const waits = find(measured, callee);
          assert.equal(waits.count, 180);
          const holders = linesOf(waits).map(([, holder]) => holder);
          assert.ok(holders.length > 0);
          for (const holder of holders)
            assert.ok(
              [line(body, "holder"), line(body, "giver")].includes(holder ?? 0),
              JSON.stringify(waits),
            );
        });

        if (impatient !== undefined)
          it("counts a wait that its caller gave up until then", async () => {
            const body = `
              const pool = make(1, { ...${impatient} });
              const errors = [];
              let held;
              // The library's own timers let the process end.
              const alive = setInterval(() => {}, 1_000);
              // To be made may take longer than its caller's patience.
              while (held === undefined) held = await take(pool).catch(() => undefined);
              locks.cut();
              const start = micros();
              await take(pool).catch((error) => errors.push(error.message)); //@waiter
              const truth = [29_000, Math.max(30_500, micros() - start)];
              await hold(60);
              give(pool, held);
              const told = { truth, measured: locks.cut(), faults: [...locks.faults, ...errors.slice(1)] };
              clearInterval(alive);
              await close(pool);
              return told;`;
            const { truth, measured, faults } = await run(body);
            assert.deepEqual(faults, []);
            const waits = find(measured, callee);
            assert.equal(waits.count, 1);
            assertWithin(waits.micros, truth);
          });

        it("does with and without us the same", async () => {
          const body = `
            const pool = make(2);
            const told = [];
            const storage = new (await import("node:async_hooks")).AsyncLocalStorage();
            const use = (name, millis) => storage.run(name, async () => {
              const one = await take(pool);
              told.push(["in", name, storage.getStore()]);
              await hold(millis);
              told.push(["out", name, storage.getStore()]);
              give(pool, one);
            });
            const first = await take(pool);
            const second = await take(pool);
            const all = [use("a", 5), use("b", 25), use("c", 60)];
            give(pool, first);
            give(pool, second);
            await Promise.all(all);
            const stranger = { release() {} };
            try { told.push(String(await give(pool, stranger))); } catch (error) { told.push(error.constructor.name); }
            const prototype = ${prototype};
            for (const name of ${JSON.stringify(methods)}) {
              const { value, ...flags } = Object.getOwnPropertyDescriptor(prototype, name);
              told.push([value.name, value.length, Reflect.ownKeys(value), flags]);
            }
            told.push(Reflect.ownKeys(prototype).map(String));
            const rejections = [];
            process.on("unhandledRejection", (reason) => rejections.push(reason?.message ?? String(reason)));
            await close(pool);
            void take(pool);
            await hold(30);
            told.push(rejections.map((text) => text.slice(0, 20)));
            setImmediate(() => process.exit());
            return told;`;
          assert.deepEqual(await run(body), await run(body, { probes: false }));
        });
      });
