// node-redis: pipelines, transactions, publish and subscribe, streams, scripts.

import { createClient, createClientPool, defineScript, RESP_TYPES } from "redis";
import { serveRoutes, told } from "./routes.mjs";

const options = { url: process.env.REDIS };
const client = createClient({
  ...options,
  scripts: {
    add: defineScript({
      SCRIPT: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
      NUMBER_OF_KEYS: 1,
      parseCommand(parser, key, amount) {
        parser.pushKey(key);
        parser.push(String(amount));
      },
      transformReply: (reply) => reply,
    }),
  },
});
client.on("error", (error) => console.error(`client: ${error.message}`));
await client.connect();
let asked = 0;
const at = (name) => `${process.pid}:${name}`;
/** Each request its own. */
const mine = (name) => at(`${name}${++asked}`);

serveRoutes(
  {
    async setget() {
      return [
        await client.set(at("a"), "ü"),
        await client.get(at("a")),
        await client.get(at("none")),
        await client.del(at("a")),
      ];
    },
    async pipeline() {
      const answers = await Promise.all(
        Array.from({ length: 500 }, (_, n) => client.set(at(`p${n}`), n).then(() => client.get(at(`p${n}`)))),
      );
      return answers.join();
    },
    async multi() {
      await client.del(at("m"));
      return client
        .multi()
        .set(at("m"), "1")
        .incr(at("m"))
        .lPush(at("m"), "x")
        .get(at("m"))
        .exec()
        .then(
          (all) => all,
          (error) => [error.constructor.name, error.message, error.replies?.map(String)],
        );
    },
    async watch() {
      const own = await client.duplicate().connect();
      await own.watch(at("w"));
      await client.set(at("w"), "other");
      const failed = await told(own.multi().set(at("w"), "mine").exec());
      own.destroy();
      return [failed, await client.get(at("w"))];
    },
    async pubsub() {
      const subscriber = await client.duplicate().connect();
      const heard = [];
      const all = new Promise((resolve) => {
        const listener = (message, channel) =>
          heard.push([message, channel.replace(/\d+/, "PID")]) === 4 && resolve();
        subscriber.subscribe(at("news"), listener).then(async () => {
          await subscriber.pSubscribe(`${process.pid}:n*`, listener);
          await client.publish(at("news"), "one");
          await client.publish(at("news"), "two");
        });
      });
      await all;
      await subscriber.unsubscribe();
      await subscriber.close();
      return heard;
    },
    async stream() {
      await client.del(at("s"));
      for (const n of [1, 2, 3]) await client.xAdd(at("s"), `${n}-1`, { n: String(n) });
      const read = await client.xRead({ key: at("s"), id: "1-1" }, { COUNT: 5 });
      return [read.map(({ messages }) => messages), await client.xLen(at("s"))];
    },
    async scan() {
      await client.hSet(
        at("h"),
        Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, `${n}`])),
      );
      let sum = 0;
      for await (const entries of client.hScanIterator(at("h")))
        for (const { value } of entries) sum += Number(value);
      return [sum, await client.hLen(at("h"))];
    },
    async blocking() {
      const own = await client.duplicate().connect();
      const key = mine("b");
      const popped = own.blPop(key, 5);
      await client.rPush(key, "pushed");
      const answer = await popped;
      const none = await own.blPop(key, 0.01);
      await own.close();
      return [answer.element, none];
    },
    async script() {
      await client.del(at("n"));
      return [
        await client.add(at("n"), 5),
        await client.add(at("n"), 37),
        await told(client.eval("return redis.error_reply('MINE bad')")),
      ];
    },
    async bytes() {
      const large = Buffer.alloc(1 << 20, 0xe9);
      await client.set(at("large"), large);
      const back = await client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).get(at("large"));
      await client.del(at("large"));
      return [back.length, back.equals(large), Buffer.isBuffer(back)];
    },
    async errors() {
      await client.set(at("text"), "x");
      const closed = createClient(options);
      const refused = createClient({ url: "redis://127.0.0.1:1", socket: { reconnectStrategy: false } });
      refused.on("error", () => {});
      return [
        await told(client.lPush(at("text"), "y")),
        await told(client.incr(at("text"))),
        await told(client.sendCommand(["NOSUCH"])),
        await told(closed.get("x")),
        await told(refused.connect()),
        await told(Promise.resolve().then(() => client.set(at("x"), undefined))),
      ];
    },
    async pool() {
      const pool = await createClientPool(options, { minimum: 1, maximum: 3 }).connect();
      pool.on("error", () => {});
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) => pool.execute((one) => one.echo(String(n)))),
      );
      await pool.close();
      return answers;
    },
    async killed() {
      const own = createClient({ ...options, socket: { reconnectStrategy: 5 } });
      const events = [];
      for (const event of ["connect", "ready", "reconnecting", "end"])
        own.on(event, () => events.push(event));
      own.on("error", (error) => events.push(error.constructor.name));
      await own.connect();
      const ready = new Promise((resolve) => own.once("ready", resolve));
      await client.clientKill({ filter: "ID", id: await own.clientId() });
      await ready;
      const answer = await own.echo("again");
      await own.close();
      return [answer, events];
    },
  },
  () => client.close(),
);
