// ioredis: pipelines, transactions, publish and subscribe, streams, scripts.

import { Redis } from "ioredis";
import { serveRoutes, told } from "./routes.mjs";

const client = new Redis(process.env.REDIS, { lazyConnect: true });
client.on("error", (error) => console.error(`client: ${error.message}`));
client.defineCommand("add", { numberOfKeys: 1, lua: "return redis.call('INCRBY', KEYS[1], ARGV[1])" });
await client.connect();
const at = (name) => `io${process.pid}:${name}`;

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
      const pipeline = client.pipeline();
      for (let n = 0; n < 300; n++) pipeline.set(at(`p${n}`), n).get(at(`p${n}`));
      pipeline.lpush(at("p0"), "x");
      const answers = await pipeline.exec();
      return [answers.length, answers.slice(-3).map(([error, value]) => [error?.message ?? null, value])];
    },
    automatic: async () => {
      const own = new Redis(process.env.REDIS, { enableAutoPipelining: true });
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => own.incrby(at("auto"), n)));
      await own.del(at("auto"));
      await own.quit();
      return answers.at(-1);
    },
    async multi() {
      await client.del(at("m"));
      const all = await client
        .multi()
        .set(at("m"), "1")
        .incr(at("m"))
        .lpush(at("m"), "x")
        .get(at("m"))
        .exec();
      return all.map(([error, value]) => [error?.message ?? null, value]);
    },
    async watch() {
      const own = client.duplicate();
      await own.watch(at("w"));
      await client.set(at("w"), "other");
      const failed = await own.multi().set(at("w"), "mine").exec();
      own.disconnect();
      return [failed, await client.get(at("w"))];
    },
    async pubsub() {
      const subscriber = client.duplicate();
      await subscriber.subscribe(at("news"));
      const heard = [];
      const all = new Promise((resolve) => {
        subscriber.on(
          "message",
          (channel, message) => heard.push([channel.replace(/\d+/, "PID"), message]) === 2 && resolve(),
        );
      });
      await client.publish(at("news"), "one");
      await client.publish(at("news"), "two");
      await all;
      const refused = await told(subscriber.get("x"));
      await subscriber.quit();
      return [heard, refused];
    },
    async scan() {
      await client.hset(
        at("h"),
        Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, `${n}`])),
      );
      let sum = 0;
      for await (const entries of client.hscanStream(at("h")))
        for (let n = 1; n < entries.length; n += 2) sum += Number(entries[n]);
      return sum;
    },
    async script() {
      await client.del(at("n"));
      return [
        await client.add(at("n"), 5),
        await client.add(at("n"), 37),
        await told(client.eval("return redis.error_reply('MINE bad')", 0)),
      ];
    },
    async bytes() {
      const large = Buffer.alloc(1 << 20, 0xe9);
      await client.set(at("large"), large);
      const back = await client.getBuffer(at("large"));
      await client.del(at("large"));
      return [back.length, back.equals(large)];
    },
    async errors() {
      await client.set(at("text"), "x");
      const refused = new Redis(1, "127.0.0.1", { retryStrategy: () => null, lazyConnect: true });
      refused.on("error", () => {});
      return [
        await told(client.lpush(at("text"), "y")),
        await told(client.incr(at("text"))),
        await told(client.call("NOSUCH")),
        await told(refused.connect()),
      ];
    },
    async callback() {
      return new Promise((resolve) => {
        client.echo("called", (error, value) => resolve([error, value]));
      });
    },
    async killed() {
      const own = new Redis(process.env.REDIS, { retryStrategy: () => 5 });
      const events = [];
      for (const event of ["connect", "ready", "close", "reconnecting", "end"])
        own.on(event, () => events.push(event));
      own.on("error", (error) => events.push(error.message));
      const id = await own.client("ID");
      const ready = new Promise((resolve) => own.once("ready", resolve));
      await client.client("KILL", "ID", id);
      await ready;
      const answer = await own.echo("again");
      await own.quit();
      return [answer, events];
    },
  },
  async () => {
    await client.quit();
  },
);
