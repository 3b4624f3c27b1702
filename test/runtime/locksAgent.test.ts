// http.Agent's queue: known waits by construction, with and without keep-alive.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertWithin, find, lineOf, linesOf, nodeVersions, type Told, Workshop } from "./locks/run.ts";

const COMMON = `
const http = require("node:http");
const micros = () => performance.now() * 1000;
const tell = (truth) => ({ truth, measured: locks.cut(), faults: locks.faults });
const server = http.createServer((request, response) => {
  request.resume().on("end", () => setTimeout(() => response.end(request.url), Number(request.url.slice(1))));
});
const ask = (options) => ({ port: server.address().port, ...options });
/** Resolves at the end of the response; \`got\` is called when the request has a socket. */
const ended = (request, got = () => {}) => new Promise((done, fail) => {
  request.on("response", (response) => response.resume().on("end", () => done(response.statusCode)));
  request.on("socket", got).on("error", fail);
});
const get = (options) => ended(http.get(ask(options)));
const idle = async (agent) => {
  while (Object.keys(agent.sockets).length > 0) await new Promise((done) => setImmediate(done));
};
server.listen(0, async () => {
  console.log(JSON.stringify(await main()));
  server.close();
  server.closeAllConnections();
});
`;
const nodes = nodeVersions();
const workshop = new Workshop();

for (const node of nodes)
  describe(`http.Agent, Node ${node.major}`, () => {
    for (const keepAlive of [true, false])
      it(`measures waits for a socket, keepAlive ${keepAlive}`, async () => {
        const source = `${COMMON}
          async function main() {
            const agent = new http.Agent({ maxSockets: 1, keepAlive: ${keepAlive} });
            // The server's timers start when both have been called.
            const truth = [15 * 19_000, 0];
            for (let i = 0; i < 15; i++) {
              const first = ended(http.get(ask({ agent, path: "/20" }))); //@holder
              const start = micros();
              const second = ended(http.get(ask({ agent, path: "/0" })), () => { truth[1] += micros() - start; }); //@waiter
              await Promise.all([first, second]);
              await idle(agent);
            }
            agent.destroy();
            return tell(truth);
          }`;
        const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
        assert.deepEqual(faults, []);
        const waits = find(measured, "http.Agent");
        assert.equal(waits.kind, "pool wait");
        assert.equal(waits.count, 15);
        assertWithin(waits.micros, truth);
        assert.deepEqual(linesOf(waits), [[lineOf(source, "waiter"), lineOf(source, "holder"), 15]]);
      });

    it("counts exactly those that wait, over two hosts", async () => {
      const source = `${COMMON}
        async function main() {
          const agent = new http.Agent({ maxSockets: 2, keepAlive: true });
          await Promise.all(["localhost", "127.0.0.1"].flatMap((host) =>
            [1, 2, 3, 4].map(() => get({ agent, host, path: "/3", family: 4 }))));
          await get({ path: "/1" });
          await get({ agent, path: "/1" });
          agent.destroy();
          return tell([0, 0]);
        }`;
      const { measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      assert.equal(find(measured, "http.Agent").count, 4);
    });

    it("counts who gives up until then, whoever gets the socket later", async () => {
      const source = `${COMMON}
        async function main() {
          const agent = new http.Agent({ maxSockets: 1, keepAlive: true });
          const held = get({ agent, path: "/300" });
          const controller = new AbortController();
          const start = micros();
          const gone = new Promise((done) => http.get(ask({ agent, path: "/0", signal: controller.signal })).on("error", done));
          const called = micros();
          await new Promise((done) => setTimeout(done, 30));
          const least = micros() - called;
          controller.abort();
          const truth = [least, micros() - start];
          // It has gone before it could wait.
          const never = new Promise((done) => http.get(ask({ agent, path: "/0", signal: AbortSignal.abort() })).on("error", done));
          await Promise.all([held, gone, never]);
          await get({ agent, path: "/0" });
          agent.destroy();
          return tell(truth);
        }`;
      const { truth, measured, faults } = await workshop.run<Told>(node, "cjs", source);
      assert.deepEqual(faults, []);
      const waits = find(measured, "http.Agent");
      assert.equal(waits.count, 1);
      assertWithin(waits.micros, truth);
    });

    it("changes nothing that a program can see", async () => {
      const source = `${COMMON}
        async function main() {
          const seen = [];
          for (const [target, key] of [[http.Agent.prototype, "addRequest"], [http.Agent.prototype, "removeSocket"], [http.ClientRequest.prototype, "onSocket"], [http.ClientRequest.prototype, "destroy"]]) {
            const { value, ...how } = Object.getOwnPropertyDescriptor(target, key);
            seen.push(how, value.name, value.length, Object.getOwnPropertyNames(value).sort());
          }
          const agent = new http.Agent({ maxSockets: 1 });
          const first = get({ agent, path: "/5" });
          const gone = http.get({ port: server.address().port, agent, path: "/0" });
          const failed = new Promise((done) => gone.on("error", (error) => done(error.code)));
          gone.destroy();
          seen.push(Object.keys(gone).sort(), await first, await failed, await get({ agent, path: "/0" }));
          seen.push(await get({ agent, port: 1 }).catch((error) => error.code));
          agent.destroy();
          return seen;
        }`;
      const plain = await workshop.run<unknown[]>(node, "cjs", source, { probes: false });
      assert.deepEqual(await workshop.run<unknown[]>(node, "cjs", source), plain);
    });
  });
