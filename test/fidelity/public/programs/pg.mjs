// pg, pg-cursor's stream: transactions, errors, notifications, a pool that is too small.

import pg from "pg";
import QueryStream from "pg-query-stream";
import { serveRoutes, told } from "./routes.mjs";

const pool = new pg.Pool({ connectionString: process.env.POSTGRES, max: 4 });
pool.on("error", (error) => console.error(`pool: ${error.code}`));
await pool
  .query(
    "create table if not exists items (id int primary key, name text not null, price numeric(10,2) check (price > 0))",
  )
  .catch(() => {});

async function inClient(work) {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

serveRoutes(
  {
    async query() {
      const { rows, rowCount, command, fields } = await pool.query(
        "select $1::int + 1 as sum, $2::text as text",
        [41, "ü"],
      );
      return { rows, rowCount, command, fields: fields.map(({ name, dataTypeID }) => [name, dataTypeID]) };
    },
    async types() {
      const { rows } = await pool.query(
        "select 9007199254740993::bigint big, 1.50::numeric num, '{\"a\":[1,null]}'::jsonb json, array[1,2,null] list, '\\xdeadbeef'::bytea bytes, '2026-01-02T03:04:05Z'::timestamptz at, null nothing, true yes, 'NaN'::float8 nan, '{a,\"b c\"}'::text[] texts",
      );
      return [
        rows[0],
        typeof rows[0].big,
        rows[0].bytes instanceof Buffer,
        rows[0].at instanceof Date,
        String(rows[0].nan),
      ];
    },
    async large() {
      const { rows } = await pool.query(
        "select n, md5(n::text) hash, repeat('x', 1000) filler from generate_series(1, 2000) n",
      );
      return [rows.length, rows[1999].hash, rows[0].filler.length];
    },
    transaction: () =>
      inClient(async (client) => {
        await client.query("begin");
        await client.query("truncate items");
        await client.query("insert into items values (1, 'one', 1), (2, 'two', 2)");
        await client.query("savepoint s");
        const failed = await told(client.query("insert into items values (1, 'again', 3)"));
        const inFailed = await told(client.query("select 1"));
        await client.query("rollback to s");
        const { rows } = await client.query("select * from items order by id");
        await client.query("rollback");
        return { failed, inFailed, rows };
      }),
    async errors() {
      return [
        await told(pool.query("selec 1")),
        await told(pool.query("select * from nowhere")),
        await told(pool.query("select 1/0")),
        await told(pool.query("insert into items values (9, null, 1)")),
        await told(pool.query("insert into items values (9, 'a', -1)")),
        await told(pool.query("select $1::int", ["no number"])),
        await told(pool.query("set statement_timeout = 20; select pg_sleep(5)")),
        await told(
          new pg.Client({ connectionString: process.env.POSTGRES.replace(/\/\w+$/, "/nowhere") }).connect(),
        ),
        await told(new pg.Client({ host: "127.0.0.1", port: 1 }).connect()),
      ];
    },
    prepared: async () => {
      const rows = [];
      for (const value of [1, 2, 3]) {
        const answer = await inClient((client) =>
          client.query({ name: "plus", text: "select $1::int + 10 as n", values: [value], rowMode: "array" }),
        );
        rows.push(...answer.rows);
      }
      return rows;
    },
    stream: () =>
      inClient(async (client) => {
        let sum = 0;
        let count = 0;
        for await (const { n } of client.query(
          new QueryStream("select n from generate_series(1, $1::int) n", [5000], { batchSize: 100 }),
        )) {
          sum += n;
          count++;
        }
        return { sum, count };
      }),
    cut: () =>
      inClient(async (client) => {
        const rows = [];
        for await (const { n } of client.query(new QueryStream("select n from generate_series(1, 100000) n")))
          if (rows.push(n) === 3) break;
        return [rows, (await client.query("select 'usable' as still")).rows];
      }),
    async notify() {
      const listener = new pg.Client({ connectionString: process.env.POSTGRES });
      await listener.connect();
      const channel = `news${process.pid}`;
      const heard = [];
      const all = new Promise((resolve) => {
        listener.on("notification", ({ payload }) => heard.push(payload) === 3 && resolve());
      });
      await listener.query(`listen ${channel}`);
      for (const word of ["one", "two", "three"])
        await pool.query("select pg_notify($1, $2)", [channel, word]);
      await all;
      await listener.end();
      return heard;
    },
    async crowded() {
      const small = new pg.Pool({ connectionString: process.env.POSTGRES, max: 2 });
      const order = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          small.query("select $1::int n, pg_sleep(0.002)", [at]).then(({ rows }) => rows[0].n),
        ),
      );
      const counts = [small.totalCount, small.waitingCount];
      await small.end();
      const late = new pg.Pool({
        connectionString: process.env.POSTGRES,
        max: 1,
        connectionTimeoutMillis: 1_000,
      });
      const held = await late.connect();
      const refused = await told(late.connect());
      held.release();
      await late.end();
      return { order, counts, refused };
    },
    async killed() {
      const client = new pg.Client({ connectionString: process.env.POSTGRES });
      await client.connect();
      const ended = new Promise((resolve) =>
        client.on("error", (error) => resolve([error.code, error.message])),
      );
      const { rows } = await client.query("select pg_backend_pid() pid");
      await pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
      return [await ended, await told(client.query("select 1"))];
    },
    async unix() {
      const client = new pg.Client({
        host: process.env.POSTGRES_SOCKETS,
        port: Number(process.env.POSTGRES_PORT),
        user: "darcy",
        database: "postgres",
      });
      await client.connect();
      const { rows } = await client.query("select inet_server_addr() is null as local");
      await client.end();
      return rows;
    },
    async callback() {
      return new Promise((resolve) => {
        pool.query("select 1 as one; select 2 as two", (error, results) =>
          resolve([error, results.map(({ rows }) => rows)]),
        );
      });
    },
  },
  () => pool.end(),
);
