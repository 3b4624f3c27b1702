// knex: a query waits for its pool at the user's line, also where it is awaited: by a microtask without one. And nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { find, lineOf, linesOf, nodeVersions, programOf, type Told, Workshop } from "./locks/run.ts";

/** A database that answers each query after a while. */
const HEADER = `
const makeKnex = require("knex");
const Client = require("knex/lib/client");
class Database extends Client {
  async acquireRawConnection() { return {}; }
  async destroyRawConnection() {}
  async _query(connection, object) { await hold(10); object.response = { rows: [] }; return object; }
  processResponse({ response }) { return response.rows; }
}
Object.assign(Database.prototype, { dialect: "shop", driverName: "shop" });
Database.prototype._driver = () => ({});
const open = () => makeKnex({ client: Database, connection: { database: "shop" }, pool: { min: 1, max: 1 } });
`;

const workshop = new Workshop();

for (const node of nodeVersions())
  describe(`knex, Node ${node.major}`, () => {
    const program = (body: string) => programOf(HEADER, body);
    const run = (body: string, options = {}) => workshop.run<Told>(node, "cjs", program(body), options);
    const line = (body: string, mark: string) => lineOf(program(body), mark);

    it("charges a wait to the line that made the query", async () => {
      const body = `
        const knex = open();
        await knex.raw("first");
        async function orders() { await knex("orders").where("id", 1); } //@builder
        async function stock() { return await knex.raw("stock"); } //@raw
        async function both() { await Promise.all([orders(), stock(), orders()]); }
        // What is sampled without a line asks for lines.
        for (let i = 0; i < 3; i++) await both();
        locks.cut();
        for (let i = 0; i < 10; i++) await both();
        const told = { truth: [0, 0], measured: locks.cut(), faults: locks.faults };
        await knex.destroy();
        return told;`;
      const { measured, faults } = await run(body);
      assert.deepEqual(faults, []);
      const waits = find(measured, "Pool.acquire");
      assert.equal(waits.count, 20);
      const lines = new Set(linesOf(waits).map(([waiter]) => waiter));
      assert.deepEqual([...lines].sort(), [line(body, "builder"), line(body, "raw")].sort());
    });

    it("does with and without us the same", async () => {
      const body = `
        const knex = open();
        const told = [];
        for (const name of ["queryBuilder", "raw", "schemaBuilder"]) {
          const { value, ...flags } = Object.getOwnPropertyDescriptor(Client.prototype, name);
          told.push([value.name, value.length, flags]);
        }
        const builder = knex("orders");
        told.push(Object.keys(builder).includes("then"), typeof builder.then(() => {}).then);
        const owner = Object.getPrototypeOf(builder);
        told.push([builder.then.name, builder.then.length, Object.getOwnPropertyNames(builder.then).sort()]);
        told.push(await knex("orders"), await knex.raw("x").then(() => 7, () => 8));
        Database.prototype._query = async () => { throw new Error("no"); };
        told.push(await knex("orders").catch((error) => error.message), await knex.raw("x").then(null, (error) => error.name));
        told.push(knex("orders").where({ id: 1 }).toString().length, String(builder));
        await knex.destroy();
        return told;`;
      assert.deepEqual(await run(body), await run(body, { probes: false }));
    });
  });
