// Tests of the symmetric runtime: every kind of server answers from every worker, in every topology. `npm test`
// takes some pairs on each Node, npm run kinds all.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { distinct, fixture, NODES, Run, share, topologiesOf } from "./symmetricRun.ts";

const running: Run[] = [];
after(async () => {
  for (const run of running) await run.end();
});

const KINDS = ["http", "https", "http2", "http2s", "net", "tls", "ws", "express", "fastify", "koa"];
const CLIENTS: Readonly<Record<string, string>> = { express: "http", fastify: "http", koa: "http" };

for (const [index, [name, node]] of NODES.entries()) {
  describe(`kinds of servers on Node ${name}`, { concurrency: false }, () => {
    for (const [kind, topology] of share(KINDS, topologiesOf(name), index, 2)) {
      test(`${topology}: ${kind}`, async () => {
        const run = new Run({
          node,
          topology,
          workers: 2,
          file: fixture("kinds.cjs"),
          env: { KIND: kind },
        });
        running.push(run);
        const port = await run.port(2);
        const answered = await distinct(port, 2, CLIENTS[kind] ?? kind);
        assert.equal(answered.size, 2);
        assert.ok(answered.has(run.pid));
        const listening = run.messages().filter(({ type }) => type === "listening");
        assert.deepEqual(new Set(listening.map((message) => message.topology)), new Set([topology]));
        const speakTls = new Set(listening.map((message) => message.tls ?? false));
        assert.deepEqual(speakTls, new Set([["https", "http2s", "tls"].includes(kind)]), "from every worker");
        const speakNoHttp = new Set(listening.map((message) => message.raw ?? false));
        assert.deepEqual(speakNoHttp, new Set([["net", "tls"].includes(kind)]), "from every worker");
        const notices = run.messages().filter(({ type }) => type === "notice");
        // Its clients were answered by both workers.
        const expected = kind === "ws" ? ["web-sockets"] : [];
        assert.deepEqual([...new Set(notices.map(({ code }) => code))], expected);
        assert.equal(run.stderr, "");
        await run.end();
      });
    }
  });
}
