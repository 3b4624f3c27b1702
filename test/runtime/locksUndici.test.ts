// undici: known waits for a connection by construction, right lines, connecting told apart, and nothing else changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertWithin, bodies, find, linesOf, nodeVersions, programOf, Workshop } from "./locks/run.ts";

const IMPORTS = {
  cjs: 'const http = require("node:http"); const { Agent, Client, Pool, request } = require("undici");',
  mjs: 'import http from "node:http"; import { Agent, Client, Pool, request } from "undici";',
} as const;
const CALLEE = "undici";
/** A server that answers when it is told to, or after the milliseconds of its path. */
const SERVER = `
const held = [];
const server = http.createServer((request, response) => {
  const millis = Number(request.url.slice(1));
  if (request.url === "/held") held.push(response);
  else setTimeout(() => response.end("answer"), millis);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = "http://127.0.0.1:" + server.address().port;
const finish = async (dispatcher, truth) => {
  await dispatcher?.close();
  await new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { truth, measured: locks.cut(), faults: locks.faults };
};
`;

const workshop = new Workshop();

const KINDS = {
  client: "new Client(origin)",
  pool: "new Pool(origin, { connections: 1 })",
  agent: "new Agent({ connections: 1 })",
} as const;

for (const node of nodeVersions())
  for (const format of ["cjs", "mjs"] as const)
    describe(`undici, ${format}, Node ${node.major}`, () => {
      const program = (body: string) => programOf(IMPORTS[format], `${SERVER}${body}`);
      const { run, line } = bodies(workshop, node, format, program);

      for (const [kind, made] of Object.entries(KINDS))
        it(`measures waits in a ${kind}: length, waiter, holder, host`, async () => {
          const body = `
            const dispatcher = ${made};
            const ask = { origin, method: "GET" };
            const truth = [0, 0];
            let taken = 0;
            // From the first wait on, lines are known.
            const rounds = 25;
            for (let i = 0; i <= rounds; i++) {
              const first = dispatcher.request({ ...ask, path: "/held" }); //@holder
              while (held.length === 0) await hold(1);
              if (i === 1) { locks.cut(); truth[0] = truth[1] = 0; }
              const start = micros();
              const second = dispatcher.request({ ...ask, path: "/0" }); //@waiter
              const called = micros();
              await hold(20);
              truth[0] += micros() - called;
              held.pop().end("answer");
              await (await first).body.text();
              await (await second).body.text();
              truth[1] += micros() - start;
            }
            return finish(dispatcher, truth);`;
          const { truth, measured, faults } = await run(body);
          assert.deepEqual(faults, []);
          const waits = find(measured, CALLEE);
          assert.deepEqual([measured.length, waits.kind, waits.count], [1, "pool wait", 25]);
          assertWithin(waits.micros, truth);
          assert.deepEqual(linesOf(waits), [[line(body, "waiter"), line(body, "holder"), 25]]);
          for (const { key, longestQueue } of waits.details) {
            assert.match(key ?? "", /^http:\/\/127\.0\.0\.1:\d+$/);
            assert.equal(longestQueue, 1);
          }
        });

      it("counts no wait while connections are made, nor with one for each", async () => {
        const body = `
          const dispatcher = new Agent();
          const ask = (path) => request(origin + path, { dispatcher }).then(({ body }) => body.text());
          for (let i = 0; i < 20; i++) await Promise.all([ask("/3"), ask("/3"), ask("/3"), ask("/0")]);
          const own = (path) => fetch(origin + path).then((response) => response.text());
          for (let i = 0; i < 20; i++) await Promise.all([own("/3"), own("/3"), own("/0")]);
          return finish(dispatcher, [0, 0]);`;
        const { measured, faults } = await run(body);
        assert.deepEqual([measured, faults], [[], []]);
      });

      it("does with and without us the same", async () => {
        const body = `
          const dispatcher = new Pool(origin, { connections: 1 });
          const told = [];
          const storage = new (await import("node:async_hooks")).AsyncLocalStorage();
          const note = (word) => (value) => { told.push([word, value instanceof Error ? value.code ?? value.name : value, storage.getStore() ?? null]); };
          const ask = (word, path, options) => storage.run(word, () =>
            dispatcher.request({ path, method: "GET", ...options }).then(({ body }) => body.text()).then(note(word), note(word)));
          const controller = new AbortController();
          const all = [ask("first", "/15"), ask("second", "/0"), ask("aborted", "/0", { signal: controller.signal }), ask("wrong", 7)];
          controller.abort();
          await Promise.all(all);
          const last = ask("last", "/50");
          const never = ask("never", "/0");
          await hold(10);
          await dispatcher.destroy();
          await Promise.all([last, never]);
          await ask("after", "/0");
          await new Promise((done) => { server.close(done); server.closeAllConnections(); });
          return told;`;
        assert.deepEqual(await run(body), await run(body, { probes: false }));
      });
    });
