// postgres.js: tagged templates, transactions, cursors, notifications, COPY.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import postgres from "postgres";
import { serveRoutes, told } from "./routes.mjs";

const sql = postgres(process.env.POSTGRES, { max: 4, onnotice: () => {} });

/** On a connection that nobody uses after it: on Node 20 a copy or a cancelled query may leave it waiting for ever. */
async function alone(work) {
  const own = postgres(process.env.POSTGRES, { max: 2, onnotice: () => {} });
  try {
    return await work(own);
  } finally {
    await own.end({ timeout: 1 });
  }
}

serveRoutes(
  {
    async query() {
      const rows = await sql`select ${41}::int + 1 as sum, ${"ü"} as text`;
      return { rows, count: rows.count, command: rows.command };
    },
    async types() {
      const [row] =
        await sql`select 9007199254740993::bigint big, 1.50::numeric num, ${sql.json({ a: [1, null] })} json, array[1,2] list, '\\xdeadbeef'::bytea bytes, '2026-01-02T03:04:05Z'::timestamptz at, null nothing`;
      return row;
    },
    async transaction() {
      return told(
        sql.begin(async (inner) => {
          await inner`create temp table kept (n int primary key) on commit drop`;
          await inner`insert into kept ${inner([{ n: 1 }, { n: 2 }])}`;
          const failed = await told(inner.savepoint((deep) => deep`insert into kept values (1)`));
          const rows = await inner`select n from kept order by n`;
          return { failed, rows };
        }),
      );
    },
    rollback: () =>
      told(
        sql.begin(async (inner) => {
          await inner`select 1`;
          throw new RangeError("on purpose");
        }),
      ),
    async errors() {
      return [
        await told(sql`selec 1`),
        await told(sql`select * from nowhere`),
        await told(sql`select 1/0`),
        await told(sql`select ${undefined}`),
        await told(postgres("postgres://127.0.0.1:1/x", { max: 1 })`select 1`),
      ];
    },
    async cursor() {
      let sum = 0;
      for await (const rows of sql`select n from generate_series(1, 1000) n`.cursor(100))
        sum += rows.reduce((total, { n }) => total + n, 0);
      return sum;
    },
    async pipelined() {
      return Promise.all(
        Array.from({ length: 40 }, (_, at) => sql`select ${at}::int n`.then(([{ n }]) => n)),
      );
    },
    async notify() {
      const channel = `postgres${process.pid}`;
      const heard = [];
      let resolve;
      const all = new Promise((done) => {
        resolve = done;
      });
      const { unlisten } = await sql.listen(channel, (payload) => heard.push(payload) === 2 && resolve());
      await sql.notify(channel, "one");
      await sql.notify(channel, "two");
      await all;
      await unlisten();
      return heard;
    },
    copy: () =>
      alone(async (own) => {
        const name = own(`copied${process.pid}`);
        await own`create table if not exists ${name} (n int, text text)`;
        await own`truncate ${name}`;
        const lines = Array.from({ length: 5000 }, (_, at) => `${at}\tline ${at}\n`);
        await pipeline(Readable.from(lines), await own`copy ${name} from stdin`.writable());
        const [counted] = await own`select count(*)::int, sum(n)::int from ${name}`;
        let bytes = 0;
        for await (const chunk of await own`copy ${name} to stdout`.readable()) bytes += chunk.length;
        return { counted, bytes };
      }),
    cancelled: () =>
      alone(async (own) => {
        const query = own`select pg_sleep(10)`;
        setTimeout(() => query.cancel(), 300);
        return told(query);
      }),
  },
  () => sql.end(),
);
