// Unit tests: what is not a peer, or not any more, is dropped and counted; the session goes on.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { InvalidInput } from "../../src/collector/narrow.ts";
import { PeerServer } from "../../src/collector/peerServer.ts";
import { Session } from "../../src/collector/session.ts";
import { validateHello, validateMessage } from "../../src/collector/validateMessage.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import type { WindowMessage } from "../../src/protocol/window.ts";
import { MAX_FRAME_BYTES } from "../../src/protocol/wire.ts";
import { emptyWindow, helloFor, ScriptedPeer, sessionFileOf } from "./scriptedPeer.ts";

let session: Session;
let environment: NodeJS.ProcessEnv;
let secret = "";
before(async () => {
  session = await Session.open({
    command: ["node"],
    cwd: "/",
    workers: 1,
    topology: "auto",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: "/",
    nodePath: process.execPath,
    baseEnvironment: {},
  });
  environment = session.environment;
  secret = sessionFileOf(environment).secret;
});
after(() => session.close());

function header(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

const STRANGERS: Readonly<Record<string, (peer: ScriptedPeer) => void>> = {
  "random bytes": (peer) => peer.raw(randomBytes(100_000)),
  "a web browser": (peer) => peer.raw(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
  "an empty frame": (peer) => peer.raw(header(0)),
  "an oversized frame": (peer) => peer.raw(header(MAX_FRAME_BYTES + 1)),
  "a frame that is no UTF-8": (peer) => peer.raw(Buffer.concat([header(2), Buffer.from([0xff, 0xfe])])),
  "a frame that is no JSON": (peer) => peer.raw(Buffer.concat([header(3), Buffer.from("{a}")])),
  "more than a hello": (peer) =>
    peer.raw(Buffer.concat([header(MAX_FRAME_BYTES), Buffer.alloc(600_000, 32)])),
  "a number": (peer) => peer.send(7),
  null: (peer) => peer.send(null),
  "a list": (peer) => peer.send([]),
  "a window first": (peer) => peer.send(emptyWindow(0)),
  "a wrong secret": (peer) => peer.send(helloFor("0".repeat(64))),
  "a secret that is too short": (peer) => peer.send(helloFor("")),
  "a hello without a process": (peer) => peer.send({ ...helloFor(secret), pid: undefined }),
  "a hello with a fraction": (peer) => peer.send(helloFor(secret, { pid: 1.5 })),
  "a hello with a list of objects": (peer) => peer.send({ ...helloFor(secret), argv: [{}] }),
};

for (const [name, act] of Object.entries(STRANGERS)) {
  test(`${name} is dropped and counted`, async () => {
    const refused = session.refused.count;
    const peer = await ScriptedPeer.connect(environment);
    act(peer);
    await peer.closed;
    assert.equal(session.refused.count, refused + 1);
    assert.ok(!session.refused.reason.includes(secret), "the reason quotes nothing");
    assert.equal(session.workers.length, 0);
  });
}

test("another version is told why", async () => {
  const peer = await ScriptedPeer.connect(environment);
  peer.send({ ...helloFor(secret), version: 99, argv: "of another shape" });
  const answer = await peer.next("reject");
  assert.match(answer?.type === "reject" ? answer.reason : "", /version/);
  await peer.closed;
});

test("who says nothing is dropped after a while", async () => {
  const folder = mkdtempSync(join(tmpdir(), "darcy-"));
  const path = process.platform === "win32" ? `\\\\.\\pipe\\darcy-test-${process.pid}` : join(folder, "s");
  const reasons: string[] = [];
  const server = await PeerServer.listen(
    path,
    secret,
    {
      hello: () => null,
      message: () => undefined,
      refused: (reason) => reasons.push(reason),
      closed: () => undefined,
    },
    1,
  );
  const socket = connect(path);
  await new Promise((resolve) => socket.once("close", resolve));
  assert.deepEqual(reasons, ["it said nothing"]);
  await server.close();
  rmSync(folder, { recursive: true });
});

test("strangers by the hundred keep no peer out", async () => {
  const refused = session.refused.count;
  const strangers = await Promise.all(Array.from({ length: 400 }, () => ScriptedPeer.connect(environment)));
  const peer = await ScriptedPeer.welcome(environment, { pid: 4_000_100 });
  assert.ok(session.refused.count >= refused + 144, "the first ones had to go");
  await Promise.all(strangers.map((stranger) => stranger.end()));
  await peer.end();
});

test("a peer that is sent more than it reads is dropped", async () => {
  const peer = await ScriptedPeer.welcome(environment, { pid: 4_000_101 });
  peer.socket.pause();
  const refused = session.refused.count;
  // As if asked for its window again and again while its loop is blocked.
  for (let times = 0; times < 200_000 && session.refused.count === refused; times++) {
    for (const { connection } of connectionsOf(session)) connection.send({ type: "flush" });
  }
  assert.equal(session.refused.reason, "it does not read what it is told");
  peer.socket.resume();
  await peer.closed;
});

/** The session itself asks a second for each, which would take days. */
function connectionsOf(of: Session): readonly { connection: { send(message: { type: "flush" }): void } }[] {
  return (of as unknown as { intake: { peers: { all: [] } } }).intake.peers.all;
}

function windowWith(change: Record<string, unknown>): unknown {
  return { ...emptyWindow(1), ...change };
}
const DAMAGED: Readonly<Record<string, unknown>> = {
  "an unknown type": { type: "flush" },
  "no type": {},
  "a missing list": windowWith({ cells: undefined }),
  "a negative count": windowWith({ cells: [[0, 0, -1, 0]] }),
  "null for a number": windowWith({ cells: [[0, 0, null, 0]] }),
  "text for a number": windowWith({ cells: [[0, 0, "1", 0]] }),
  "a row that is too short": windowWith({ cells: [[0, 0, 1]] }),
  "a row that is too long": windowWith({ stacks: [[1, 0, 1, 1]] }),
  "an id out of range": windowWith({ stacks: [[2 ** 40, 0, 1]] }),
  "an unknown kind": windowWith({ operations: [[0, "constructor", "x"]] }),
  "an inherited kind": windowWith({ operations: [[0, "__proto__", "x"]] }),
  "a bucket out of range": windowWith({ requests: [[0, 1, 1, [[100_000, 1]]]] }),
  "an end before its start": windowWith({ startMicros: 2, endMicros: 1 }),
  "too many collections": windowWith({ gc: new Array(100).fill(["minor", 1, 1]) }),
  "a port out of range": { type: "listening", port: 70_000, address: "::", topology: "reuse", workers: 1 },
  "a TLS that is no flag": {
    type: "listening",
    port: 1,
    address: "::",
    topology: "reuse",
    workers: 1,
    tls: 1,
  },
  "an unknown topology": { type: "listening", port: 1, address: "::", topology: "mesh", workers: 1 },
  "an unknown notice": { type: "notice", code: "toString", severity: "info", text: "" },
  "a novel": { type: "notice", code: "coverage", severity: "info", text: "a".repeat(10_000) },
};
for (const [name, message] of Object.entries(DAMAGED)) {
  test(`${name} is not let through`, () => {
    assert.throws(() => validateMessage(JSON.parse(JSON.stringify(message))), InvalidInput);
  });
}

test("whether a server speaks TLS, or no HTTP, is told, or left out as by those who did not know of it", () => {
  const listening = { type: "listening", port: 1, address: "::", topology: "reuse", workers: 1 };
  assert.deepEqual(validateMessage(listening), listening);
  assert.deepEqual(validateMessage({ ...listening, tls: true, raw: true }), {
    ...listening,
    tls: true,
    raw: true,
  });
});

test("nothing comes through a prototype key, and stray keys are left behind", () => {
  const plain = JSON.stringify(emptyWindow(1));
  const stray = validateMessage(JSON.parse(plain.replace("{", '{"stray":1,')));
  assert.deepEqual(stray, emptyWindow(1, stray as WindowMessage));
  assert.ok(!Object.hasOwn(stray, "stray"));
  assert.throws(
    () => validateMessage(JSON.parse(plain.replace("{", '{"__proto__":{"type":"window"},'))),
    InvalidInput,
  );
  // Inherited values do not stand in for missing ones.
  assert.throws(() => validateHello(Object.create(helloFor(secret))), InvalidInput);
});

test("infinite and not-a-number values can't come from outside JSON either", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => validateMessage(windowWith({ endMicros: value })), InvalidInput);
    assert.throws(
      () => validateMessage(windowWith({ thread: { ...emptyWindow(0).thread, cpuMicros: value } })),
      InvalidInput,
    );
  }
});

test("long names of the user's own are cut, a counter that ran backwards counts as none", () => {
  const message = validateMessage(
    windowWith({
      scripts: [[1, `data:${"x".repeat(10_000)}`]],
      thread: { ...emptyWindow(0).thread, voluntary: -3 },
    }),
  ) as WindowMessage;
  assert.equal(message.scripts[0]?.[1].length, 4_096);
  assert.equal(message.thread.voluntary, 0);
});

test("a peer whose ids go backwards is dropped, what it measured before stays", async () => {
  const peer = await ScriptedPeer.welcome(environment);
  peer.send(emptyWindow(0, { routes: [[0, "GET", "/"]], requests: [[0, 3, 3, [[1, 3]]]] }));
  peer.send(emptyWindow(1, { routes: [[0, "GET", "/again"]] }));
  await peer.closed;
  assert.match(session.refused.reason, /must count up/);
  assert.equal(session.measuring.requestsEver, 3);
  const said = session.snapshot().notices.map(({ text }) => text);
  assert.match(said.join("\n"), /Process 4000000 is not measured any more/);
});
