// Tests of the symmetric runtime: the ways in which servers come to their ports. All workers end up on one address
// that is the one a server alone takes.

import assert from "node:assert/strict";
import net from "node:net";
import { after, describe, test } from "node:test";
import { distinct, fixture, NODES, Run, share, topologiesOf, until } from "./symmetricRun.ts";

const running: Run[] = [];
const servers: net.Server[] = [];
after(async () => {
  for (const run of running) await run.end();
  for (const server of servers) server.close();
});

const WORKERS = 2;

async function occupied(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
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

interface Place {
  readonly port: number;
  readonly host: string;
}

/** Where workers listen under this word, once every worker has said so. */
async function places(run: Run, word: string): Promise<Place[]> {
  const pattern = new RegExp(`^${word} (\\S+) (\\{.*)$`, "gm");
  const found = await until(`${WORKERS} workers say "${word}"`, () => {
    const lines = [...run.stdout.matchAll(pattern)];
    return new Set(lines.map((line) => line[1])).size >= WORKERS && lines;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${run.stdout}${run.stderr}${JSON.stringify(run.messages())}`);
  });
  const all = found.map((line) => {
    const { address, port } = JSON.parse(line[2] as string) as net.AddressInfo;
    return { port, host: address === "::1" ? address : "127.0.0.1" };
  });
  return all.filter(({ port }, at) => all.findIndex((other) => other.port === port) === at);
}

type Way = (run: (way: string, port?: number) => Run) => Promise<void>;

/** One port, answered by all; nothing said on stderr, nobody ended. */
async function oneAddress(run: Run, words: readonly string[], expected: number | null = null): Promise<void> {
  for (const word of words) {
    const told = await places(run, word);
    assert.equal(told.length, 1, `${word}:\n${run.stdout}`);
    const { port, host } = told[0] as Place;
    if (expected !== null) assert.equal(port, expected);
    await distinct(port, WORKERS, "http", host);
  }
  assert.equal(run.stderr, "");
  assert.deepEqual(run.notices("peer-exit"), []);
  assert.deepEqual(run.notices("crash-loop"), []);
  await run.end();
}

const taken =
  (way: string): Way =>
  async (start) =>
    oneAddress(start(way, await occupied()), ["listening"]);
const free =
  (way: string, words: readonly string[] = ["listening"]): Way =>
  async (start) => {
    const port = await freePort();
    await oneAddress(start(way, port), words, port);
  };

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ["a search whose first port is taken", taken("next")],
  ["a search with one server whose first port is taken", taken("nextSameServer")],
  ["portfinder, first port taken", taken("portfinder")],
  ["get-port, first port taken", taken("getPort")],
  ["a search whose first port is free", free("next")],
  ["portfinder, first port free", free("portfinder")],
  ["get-port, first port free", free("getPort")],
  ["get-port for any port", async (start) => oneAddress(start("getAnyPort"), ["listening"])],
  ["hosts by name and address", async (start) => oneAddress(start("hosts"), ["localhost", "four"])],
  [
    "several ports at once",
    async (start) => oneAddress(start("several", await freePort()), ["one", "two", "three"]),
  ],
  ["a late listen", free("late")],
  ["a second port later", free("afterwards", ["second"])],
  ["closed and opened again", free("again", ["again"])],
  [
    "closed and opened again, peer 0 last",
    async (start) => {
      const port = await freePort();
      const run = start("againLast", port);
      await oneAddress(run, ["rest"], port);
      // Moved unseen: each process has one event.
      assert.equal(run.stdout.match(/^event /gm)?.length, WORKERS, run.stdout);
    },
  ],
  ["closed and opened again beside blocked peers", free("againBlocked", ["rest"])],
  ["closed and opened again at one moment", free("againTogether", ["rest"])],
  ["replaced at once", free("replaced", ["again"])],
  ["an exclusive listen", free("exclusive")],
];

for (const [index, [name, node]] of NODES.entries()) {
  describe(`ways to a port on Node ${name}`, { concurrency: false }, () => {
    for (const [[title, way], topology] of share(WAYS, topologiesOf(name), index, 3)) {
      test(`${topology}: ${title}`, async () => {
        await way((word, port = 0) => {
          const run = new Run({
            node,
            topology,
            workers: WORKERS,
            file: fixture("ports.cjs"),
            env: { WAY: word, PORT: String(port) },
          });
          running.push(run);
          return run;
        });
      });
    }
  });
}
