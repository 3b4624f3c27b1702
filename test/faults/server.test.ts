// Faults: servers that block, run out of memory, are crowded, or run on more stacks than anybody keeps.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, it } from "node:test";
import { toReport } from "../../src/model/report.ts";
import {
  ALL,
  ask,
  load,
  measured,
  NODES,
  openSession,
  portOf,
  requestsOf,
  reread,
  Server,
} from "./harness.ts";

const MEGABYTE = 1024 * 1024;
const CONNECTIONS = ALL ? 10_000 : 1_000;

for (const [name, node] of NODES) {
  describe(`Node ${name}`, () => {
    const seconds = ALL ? 10 : 2;
    it(`a loop that is blocked for ${seconds} s is late, and loses nothing`, async () => {
      const session = await openSession(node);
      const server = new Server(node, session.environment);
      const port = await portOf(session);
      const [answered] = await Promise.all([load(port, 200), ask(port, `/block?n=${seconds * 1_000}`)]);
      await measured(session, answered + 1);
      const profile = reread(await session.close());
      assert.equal(requestsOf(profile), 201);
      assert.equal(profile.dropped.windows, 0);
      await server.end();
    });

    it("a server that runs out of memory ends as it does without us", async () => {
      const limits = ["--max-old-space-size=64"];
      const alone = new Server(node, { ...process.env, PORT: "0", NODE_OPTIONS: "" }, [
        ...limits,
        "-e",
        "const kept = []; for (;;) kept.push(new Array(1000).fill(kept.length));",
      ]);
      const expected = await alone.ended;
      const session = await openSession(node);
      const server = new Server(node, session.environment, limits);
      const port = await portOf(session);
      const answered = await load(port, 100);
      await measured(session, answered);
      await assert.rejects(ask(port, "/memory"));
      assert.deepEqual(await server.ended, expected);
      assert.match(server.stderr, /heap out of memory/);
      assert.equal(requestsOf(reread(await session.close())), answered, "what it measured before stays");
    });

    it("a server that throws ends with the same code and its own stack", async () => {
      const session = await openSession(node);
      const server = new Server(node, session.environment);
      const port = await portOf(session);
      await assert.rejects(ask(port, "/throw"));
      assert.deepEqual(await server.ended, [1, null]);
      assert.match(server.stderr, /Error: on purpose/);
      await session.close();
    });

    it("more stacks than the tables hold: the tables are bounded, the rest is counted, totals stay exact", {
      skip: !ALL && name !== NODES.at(-1)?.[0],
    }, async () => {
      // Each call is sampled: as many stacks as calls.
      const sampling = { stacksPerSecond: 200_000, windowMillis: 500 };
      const session = await openSession(node, { sampling });
      const server = new Server(node, session.environment);
      const port = await portOf(session);
      const rounds = ALL ? 25 : 3;
      for (let i = 0; i < rounds; i++) await ask(port, `/stacks?n=${i * 20_000}`);
      const before = Number(await ask(port, "/rss"));
      for (let i = 0; i < rounds; i++) await ask(port, `/stacks?n=${(rounds + i) * 20_000}`);
      const after = Number(await ask(port, "/rss"));
      await measured(session, 2 * rounds + 2);
      const profile = reread(await session.close());
      await server.end();
      // The stack of nothing is the one beyond what a thread keeps.
      const threads = profile.workers.length;
      assert.ok(
        profile.stacks.length <= threads * 100_000 + 1,
        `${profile.stacks.length} of ${threads} threads`,
      );
      assert.ok(profile.frames.length < 10_000);
      assert.ok(after < before + 256 * MEGABYTE, `${before / MEGABYTE} to ${after / MEGABYTE} MB`);
      const made = profile.windows
        .flatMap(({ cells }) => cells)
        .reduce((sum, [operation, , count]) => {
          const { kind, callee } = profile.operations[operation] ?? { kind: "", callee: "" };
          return sum + (kind === "encode" && callee === "Buffer.from" ? count : 0);
        }, 0);
      assert.equal(made, 2 * rounds * 20_000, "exact, whatever became of the samples");
      const { dropped } = toReport(profile);
      console.log(`${name}: ${profile.stacks.length} stacks kept, dropped ${JSON.stringify(dropped)}`);
      assert.equal(dropped.windows, 0);
      assert.ok(dropped.samples > 0, "what has no room is counted");
    });

    it(`${CONNECTIONS} connections at once are answered, all of them counted`, {
      skip: process.platform === "win32",
    }, async () => {
      const session = await openSession(node);
      const server = new Server(node, session.environment);
      const port = await portOf(session);
      const answered = await crowd(node, port, CONNECTIONS);
      assert.equal(answered, CONNECTIONS);
      await measured(session, CONNECTIONS);
      const profile = reread(await session.close());
      assert.equal(requestsOf(profile), CONNECTIONS);
      const open = profile.windows.map((window) => window.process?.openConnections ?? 0);
      assert.ok(Math.max(...open) >= CONNECTIONS * 0.9, `at most ${Math.max(...open)} were seen open`);
      await server.end();
    });
  });
}

/** From a process of its own, which may have as many descriptors as the server: this one's are the tests'. */
async function crowd(node: string, port: number, connections: number): Promise<number> {
  const child = spawn(node, ["-e", CROWD, String(port), String(connections)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  await new Promise((resolve) => child.on("close", resolve));
  return Number(text);
}

/** Opens all, asks once on each when all are open, and holds them for two windows. */
const CROWD = `
const [port, count] = process.argv.slice(1).map(Number);
const net = require("node:net");
const sockets = [];
let opened = 0, answered = 0, failed = 0;
const next = () => {
  if (sockets.length === count) return;
  const socket = net.connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("connect", () => { opened++; next(); settle(); });
  socket.on("error", () => { failed++; next(); settle(); });
};
const settle = () => {
  if (opened + failed < count) return;
  for (const socket of sockets) {
    socket.once("data", () => { if (++answered + failed === count) setTimeout(() => { console.log(answered); process.exit(); }, 1500); });
    socket.write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
  }
};
for (let i = 0; i < 64; i++) next();
`;
