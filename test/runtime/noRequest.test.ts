// Tests: what is told of a server that listens and has completed no request, of real sessions and connections.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { nothingMeasured } from "../../src/cli/outcome.ts";
import { whyNoRequest } from "../../src/collector/diagnosis/whyNoRequest.ts";
import { launch } from "../../src/collector/launch.ts";
import { Session } from "../../src/collector/session.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { type Built, buildBundles } from "../unit/built.ts";

const linuxOnly = { skip: process.platform !== "linux" };
const folder = mkdtempSync(join(tmpdir(), "darcy-no-request "));
let built: Built;

before(async () => {
  built = await buildBundles("preload");
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

function asked(
  port: number | null,
  requestsEver = 0,
  connectionsEver = 0,
): Parameters<typeof whyNoRequest>[0] {
  return {
    listening: { port, address: "127.0.0.1", topology: "single", workers: 1 },
    measuring: {
      requests: 0,
      requestsPerSecond: null,
      p50Micros: null,
      elapsedMs: 0,
      requestsEver,
      connectionsEver,
    },
  };
}

test("how many connections are open", linuxOnly, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const none = await whyNoRequest(asked(port));
  assert.match(none?.message ?? "", /^No connection is open at port \d+/);
  assert.match(nothingMeasured(null, null, none).remedy, /--load \/path/);
  // Some of those that came had answers.
  assert.deepEqual(await whyNoRequest(asked(port, 1, 2)), none);
  const accepted = once(server, "connection");
  const client = connect(port, "127.0.0.1");
  await accepted;
  const open = await whyNoRequest(asked(port, 0, 1));
  assert.match(open?.message ?? "", /^1 connection is open at port \d+, and no request/);
  client.destroy();
  server.close();
  assert.equal(await whyNoRequest(asked(null)), null);
});

test("connections that came and went, and asked nothing", async () => {
  const path = join(folder, "echo.js");
  writeFileSync(
    path,
    `require("node:net").createServer((socket) => socket.end("hello")).listen(0, "127.0.0.1");`,
  );
  const command = [process.execPath, path];
  const session = await Session.open({
    command,
    cwd: folder,
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: built.folder,
    nodePath: process.execPath,
    baseEnvironment: process.env,
  });
  const server = await launch({ command, cwd: folder, environment: session.environment, readErrors: true });
  try {
    while (session.listening === null) await once(session, "workers");
    const port = session.listening.port as number;
    for (const came of [1, 2]) {
      const client = connect(port, "127.0.0.1");
      assert.equal(String((await once(client, "data"))[0]), "hello");
      await once(client, "close");
      while (session.measuring.connectionsEver < came) await once(session, "window");
      const why = await whyNoRequest(session);
      const said = came === 1 ? /^1 connection came, and no request/ : /^2 connections came, and no request/;
      assert.match(why?.message ?? "", said);
      const { message, remedy } = nothingMeasured(null, null, why);
      assert.ok(message.startsWith("No request was completed") && message.endsWith(why?.message ?? "?"));
      assert.match(remedy, /^Costs are told for each answered HTTP request/);
      assert.doesNotMatch(remedy, /--load/);
    }
  } finally {
    await server.stop("SIGKILL");
    await session.close();
  }
});
