// Tests of the symmetric runtime: the ways in which servers come to their ports. All workers end up on one address
// that is the one a server alone takes.

import assert from "node:assert/strict";
import net from "node:net";
import { after, describe, test } from "node:test";
import { distinct, fixture, NODES, Run, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
const servers: net.Server[] = [];
after(async () => {
  for (const run of running) await run.end();
  for (const server of servers) server.close();
});

const WORKERS = 2;

async function occupied(host = "127.0.0.1"): Promise<number> {
  const server = net.createServer().listen(0, host);
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as net.AddressInfo).port;
}
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The ports told under this word, once every worker has told one. */
async function ports(run: Run, word: string): Promise<Set<number>> {
  const pattern = new RegExp(`^${word} (\\S+) .*"port":(\\d+)`, "gm");
  const found = await until(`${WORKERS} workers say "${word}"`, () => {
    const lines = [...run.stdout.matchAll(pattern)];
    return new Set(lines.map((line) => line[1])).size >= WORKERS && lines;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${run.stdout}${run.stderr}${JSON.stringify(run.messages())}`);
  });
  return new Set(found.map((line) => Number(line[2])));
}

for (const [name, node] of NODES) {
  for (const topology of topologiesOf(name)) {
    describe(`ports on Node ${name}, ${topology}`, { concurrency: false }, () => {
      const start = (way: string, port = 0, env: NodeJS.ProcessEnv = {}) => {
        const run = new Run({
          node,
          topology,
          workers: WORKERS,
          file: fixture("ports.cjs"),
          env: { WAY: way, PORT: String(port), ...env },
        });
        running.push(run);
        return run;
      };
      /** One port, answered by all; nothing said on stderr, nobody ended. */
      const oneAddress = async (run: Run, words: readonly string[], expected: number | null = null) => {
        for (const word of words) {
          const told = await ports(run, word);
          assert.equal(told.size, 1, `${word}: ${[...told]}\n${run.stdout}`);
          const [port] = told as unknown as [number];
          if (expected !== null) assert.equal(port, expected);
          await distinct([...told][0] as number, WORKERS);
        }
        assert.equal(run.stderr, "");
        assert.deepEqual(run.notices("peer-exit"), []);
        assert.deepEqual(run.notices("crash-loop"), []);
        await run.end();
      };

      for (const way of ["next", "nextSameServer", "portfinder", "getPort"]) {
        test(`${way}: the first port is taken`, async () => {
          const run = start(way, await occupied());
          await oneAddress(run, ["listening"]);
        });
        test(`${way}: the first port is free`, async () => {
          const port = await freePort();
          await oneAddress(start(way, port), ["listening"], port);
        });
      }
      test("getAnyPort", async () => oneAddress(start("getAnyPort"), ["listening"]));
      test("hosts", async () => oneAddress(start("hosts"), ["localhost", "four"]));
      test("several", async () => oneAddress(start("several", await freePort()), ["one", "two", "three"]));
      test("late", async () => {
        const run = start("late", await freePort());
        await run.port(WORKERS);
        await distinct(await run.port(WORKERS), WORKERS);
        await run.end();
      });
      test("afterwards", async () => {
        const port = await freePort();
        const run = start("afterwards", port);
        await ports(run, "first");
        await oneAddress(run, ["second"], port);
      });
      test("again", async () => {
        const port = await freePort();
        await oneAddress(start("again", port), ["again"], port);
      });
      test("replaced", async () => {
        const port = await freePort();
        await oneAddress(start("replaced", port), ["again"], port);
      });
      test("exclusive", async () => {
        const port = await freePort();
        await oneAddress(start("exclusive", port), ["listening"], port);
      });
    });
  }
}
