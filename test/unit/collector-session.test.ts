// Unit tests: a session from its first to its last byte, with scripted peers on its real socket.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, test } from "node:test";
import { Session } from "../../src/collector/session.ts";
import type { SessionOptions } from "../../src/collector/sessionOptions.ts";
import { sweepSessionFolders } from "../../src/collector/sweepSessionFolders.ts";
import { DEFAULT_SAMPLING, SESSION_VARIABLE } from "../../src/protocol/sessionFile.ts";
import type { WindowMessage } from "../../src/protocol/window.ts";
import { emptyWindow, ScriptedPeer, sessionFileOf } from "./scriptedPeer.ts";

const LISTENING = { type: "listening", port: 3000, address: "::", topology: "reuse", workers: 2 } as const;

const open: Session[] = [];
after(() => Promise.all(open.map((session) => session.close())));

async function openSession(change: Partial<SessionOptions> = {}): Promise<Session> {
  const session = await Session.open({
    command: ["node", "server.js"],
    cwd: "/app",
    workers: 2,
    topology: "auto",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: "/opt/darcy/dist",
    nodePath: process.execPath,
    baseEnvironment: { HOME: "/home/me" },
    ...change,
  });
  open.push(session);
  return session;
}

async function until(
  session: Session,
  event: "workers" | "window" | "notice",
  reached: () => boolean,
): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  while (!reached()) await once(session, event, { signal });
}

/** A peer that answers each flush with an empty window, as the runtime does. */
function answerFlushes(peer: ScriptedPeer, first = 1_000): void {
  let sequence = first;
  peer.onMessage = (message) => {
    if (message.type === "flush") peer.send(emptyWindow(sequence++));
  };
}

function requestsOf(count: number): Pick<WindowMessage, "routes" | "requests"> {
  return { routes: [[0, "GET", "/orders"]], requests: [[0, count, count * 100, [[100, count]]]] };
}

test("only the owner can read the session, and nothing of it is left", async () => {
  const session = await openSession();
  const file = session.environment[SESSION_VARIABLE] as string;
  const folder = dirname(file);
  assert.ok(basename(folder).startsWith(`darcy-${process.pid}-`));
  if (process.platform !== "win32") {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }
  const { secret, workers, topology, sampling } = sessionFileOf(session.environment);
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    { workers, topology, sampling },
    { workers: 2, topology: "auto", sampling: DEFAULT_SAMPLING },
  );
  await session.close();
  assert.equal(existsSync(folder), false);
});

test("NODE_OPTIONS keeps what is there and quotes a path with a space", async () => {
  const plain = await openSession();
  assert.equal(plain.environment.NODE_OPTIONS, "--require /opt/darcy/dist/darcy-preload.js");
  assert.equal(plain.environment.HOME, "/home/me");
  const spaced = await openSession({
    distFolder: "/opt/Näme with space/dist",
    baseEnvironment: { NODE_OPTIONS: "--enable-source-maps" },
  });
  assert.equal(
    spaced.environment.NODE_OPTIONS,
    '--enable-source-maps --require "/opt/Näme with space/dist/darcy-preload.js"',
  );
});

test("the first port is the server's, others of the same process are told beside it", async () => {
  const session = await openSession();
  const admin = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  const other = await ScriptedPeer.welcome(session.environment, { pid: 4_000_002, peer: 1 });
  for (const port of [4171, 4170, 4171]) admin.send({ ...LISTENING, port });
  other.send({ ...LISTENING, port: 4172 });
  await until(session, "workers", () => session.listeningWorkers === 2);
  assert.equal(session.listening?.port, 4171);
  assert.deepEqual(session.otherPorts, [4170]);
});

test("a gateway is the server, not the services that it has started; they and their workers stand beside it", async () => {
  const session = await openSession();
  const gateway = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  const child = (pid: number, peer = 0, parentPid = 4_000_001) =>
    ScriptedPeer.welcome(session.environment, { pid, peer, parentPid });
  const [alone, first] = [await child(4_000_002), await child(4_000_003)];
  const second = await child(4_000_004, 1, 4_000_003);
  alone.send({ ...LISTENING, port: 4172, workers: 1, topology: "single" });
  first.send({ ...LISTENING, port: 4171 });
  await until(session, "workers", () => session.listeningWorkers === 2);
  // Of two alike the one that has the workers, though the other one came first; its second has not come to listen yet.
  assert.deepEqual([session.listening?.port, session.serverPid], [4171, 4_000_003]);
  assert.equal(session.serverWorkers, 1);
  second.send({ ...LISTENING, port: 4171 });
  await until(session, "workers", () => session.serverWorkers === 2);
  gateway.send({ ...LISTENING, port: 4170, workers: 1, topology: "single" });
  await until(session, "workers", () => session.listeningWorkers === 4);
  assert.deepEqual([session.listening?.port, session.serverPid], [4170, 4_000_001]);
  assert.deepEqual(session.otherPorts, [4172, 4171]);
  assert.equal(session.serverWorkers, 1);
});

test("which worker's process has started another's is known, and not of one that has left", async () => {
  const session = await openSession();
  const parent = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  await ScriptedPeer.welcome(session.environment, { pid: 4_000_002, parentPid: 4_000_001 });
  await parent.end();
  await until(session, "workers", () => session.workers[0]?.endedMicros !== null);
  await ScriptedPeer.welcome(session.environment, { pid: 4_000_003, parentPid: 4_000_001 });
  assert.deepEqual(
    session.workers.map(({ startedBy }) => startedBy),
    [undefined, 0, undefined],
  );
});

test("workers, address and requests arrive; a snapshot is not changed by what comes later", async () => {
  const session = await openSession();
  const requested = once(session, "request");
  const first = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  const second = await ScriptedPeer.welcome(session.environment, { pid: 4_000_002, peer: 1 });
  answerFlushes(first);
  answerFlushes(second);
  first.send({ ...LISTENING });
  second.send({ ...LISTENING });
  await until(session, "workers", () => session.listeningWorkers === 2);
  assert.equal(session.serverPid, 4_000_001);
  assert.deepEqual(session.listening, { port: 3000, address: "::", topology: "reuse", workers: 2 });
  await session.startMeasuring();
  first.send(emptyWindow(2_000, requestsOf(40)));
  await requested;
  const snapshot = session.snapshot();
  const windows = snapshot.windows.length;
  second.send(emptyWindow(2_000, requestsOf(2)));
  await until(session, "window", () => session.measuring.requests === 42);
  assert.equal(snapshot.windows.length, windows);
  assert.ok((session.measuring.p50Micros ?? 0) > 0);
  const profile = await session.close();
  assert.equal(profile.node, "v24.1.0");
  assert.deepEqual(
    profile.workers.map(({ role, port, peer }) => ({ role, port, peer })),
    [
      { role: "peer", port: 3000, peer: 0 },
      { role: "peer", port: 3000, peer: 1 },
    ],
  );
  assert.ok(profile.workers.every((worker) => worker.endedMicros !== null));
  assert.ok((await first.next("stop")) !== null, "peers are told to stop measuring");
});

test("what was measured before the warm-up ended does not count, what came after it does", async () => {
  const session = await openSession();
  const peer = await ScriptedPeer.welcome(session.environment);
  let sequence = 0;
  peer.onMessage = (message) => {
    // The flushed window ends late in the very millisecond in which it is read.
    if (message.type === "flush") peer.send(emptyWindow(sequence++, { endMicros: Date.now() * 1_000 + 999 }));
  };
  peer.send(emptyWindow(sequence++, requestsOf(7)));
  await until(session, "window", () => session.measuring.requests === 7);
  await session.startMeasuring();
  const { measureFromMicros, windows } = session.snapshot();
  assert.equal(windows.length, 2);
  assert.deepEqual(
    windows.filter((window) => window.endMicros > measureFromMicros),
    [],
  );
  assert.equal(session.measuring.requests, 0);
});

test("a flush waits for every peer, but not for one that never answers", async () => {
  const session = await openSession();
  const quick = await ScriptedPeer.welcome(session.environment, { pid: 4_000_003 });
  await ScriptedPeer.welcome(session.environment, { pid: 4_000_004 });
  answerFlushes(quick);
  await session.flush();
  assert.equal(session.snapshot().windows.length, 1);
});

test("the window that a process leaves behind when it exits is taken in", async () => {
  const session = await openSession();
  const folder = dirname(session.environment[SESSION_VARIABLE] as string);
  const peer = await ScriptedPeer.welcome(session.environment, { pid: 4_000_005, threadId: 3 });
  writeFileSync(join(folder, "last-4000005-3.json"), JSON.stringify(emptyWindow(0, requestsOf(11))));
  await peer.end();
  const profile = await session.close();
  assert.equal(profile.windows.length, 1);
  assert.equal(profile.windows[0]?.requests[0]?.[1], 11);
});

test("a last window that is half-written, foreign or a link elsewhere is left out", async () => {
  const session = await openSession();
  const folder = dirname(session.environment[SESSION_VARIABLE] as string);
  for (const [i, content] of ['{"type":"win', "[]", '{"type":"notice"}'].entries()) {
    const pid = 4_000_010 + i;
    const peer = await ScriptedPeer.welcome(session.environment, { pid });
    writeFileSync(join(folder, `last-${pid}-0.json`), content);
    await peer.end();
  }
  assert.equal((await session.close()).windows.length, 0);
});

test("a session over does not let anybody in, and ending it twice is the same as once", async () => {
  const session = await openSession();
  const peer = await ScriptedPeer.welcome(session.environment);
  answerFlushes(peer);
  await session.stopMeasuring();
  peer.send(emptyWindow(5_000, requestsOf(1)));
  const late = await ScriptedPeer.connect(session.environment);
  late.send({ ...sessionHello(session) });
  const answer = await late.next("reject");
  assert.equal(answer?.type === "reject" && answer.reason, "The session is over.");
  assert.equal(session.measuring.requestsEver, 0);
  assert.equal(await session.close(), await session.close());
});

function sessionHello(session: Session): object {
  return {
    type: "hello",
    version: 1,
    secret: sessionFileOf(session.environment).secret,
    peer: 0,
    pid: 1,
    parentPid: 0,
    threadId: 0,
    node: "v24.0.0",
    v8: "",
    platform: "",
    arch: "",
    cwd: "",
    argv: [],
    execArgv: [],
    probes: [],
    unavailable: [],
  };
}

test("what a process can't measure is told once for all processes", async () => {
  const session = await openSession();
  const reason = "Allocation by function is not measured, for Node's inspector can't be used: denied";
  for (const peer of [0, 1])
    answerFlushes(await ScriptedPeer.welcome(session.environment, { peer, unavailable: [["heap", reason]] }));
  const { notices } = session.snapshot();
  assert.deepEqual(
    notices.map(({ code, severity, text }) => [code, severity, text]),
    [["probe-unavailable", "warning", reason]],
  );
  await session.close();
});

test("notices are told once and kept in the profile", async () => {
  const session = await openSession();
  const told: string[] = [];
  session.on("notice", ({ text }) => told.push(text));
  const peer = await ScriptedPeer.welcome(session.environment);
  answerFlushes(peer);
  const notice = { type: "notice", code: "peer-exit", severity: "warning", text: "Worker 1 was ended." };
  peer.send(notice);
  peer.send(notice);
  peer.send(emptyWindow(0));
  await until(session, "window", () => session.snapshot().windows.length === 1);
  assert.deepEqual(told, ["Worker 1 was ended."]);
  assert.equal((await session.close()).notices.length, 1);
});

test("a machine that can't be calibrated is measured without prices, and says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "darcy test ä "));
  writeFileSync(join(folder, "calibrate.js"), 'console.log("{}")');
  const session = await openSession({ distFolder: folder });
  assert.equal(await session.calibrate(), null);
  const { calibration, notices } = session.snapshot();
  assert.equal(calibration, null);
  assert.match(notices[0]?.text ?? "", /could not be calibrated \(its result is not understood/);
  rmSync(folder, { recursive: true });
});

test("folders of owners that were killed are swept, all others stay", {
  skip: process.platform === "win32",
}, async () => {
  const place = mkdtempSync(join(tmpdir(), "darcy sweep "));
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  const make = (name: string) => {
    mkdirSync(join(place, name));
    writeFileSync(join(place, name, "session.json"), "{}");
    return name;
  };
  const dead = make(`darcy-${gone}-aB3dE6`);
  const precious = make("precious");
  symlinkSync(join(place, precious), join(place, dead, "link"));
  symlinkSync(join(place, precious), join(place, `darcy-${gone}-linked`));
  // Its owner counts pids otherwise, but listens.
  const answering = make(`darcy-${gone}-answer`);
  const server = createServer().listen(join(place, answering, "s"));
  await once(server, "listening");
  for (const name of [
    `darcy-${process.pid}-aB3dE6`,
    "darcy-aB3dE6",
    `darcy-${gone}-aB3dE6x`,
    "darcy-0-aB3dE6",
  ])
    make(name);
  const before = readdirSync(place);
  await sweepSessionFolders([join(place, "missing"), place]);
  server.close();
  assert.deepEqual(
    readdirSync(place),
    before.filter((name) => name !== dead),
  );
  assert.deepEqual(readdirSync(join(place, precious)), ["session.json"]);
  rmSync(place, { recursive: true });
});

test("a temporary folder with a long path still gets a socket", {
  skip: process.platform === "win32",
}, async () => {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), `darcy-${"long".repeat(30)}`));
  process.env.TMPDIR = folder;
  try {
    const session = await openSession();
    await (await ScriptedPeer.welcome(session.environment)).end();
    await session.close();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true });
  }
});

test("a thread that comes while all rest is told so when it has loaded its code", async () => {
  const rest = { firstMillis: 400, spellMillis: 400, restMillis: 20_000 };
  const session = await openSession({ rest });
  const server = await ScriptedPeer.welcome(session.environment, { pid: process.pid });
  answerFlushes(server);
  server.send(LISTENING);
  await until(session, "workers", () => session.listening !== null);
  const { thread } = emptyWindow(0);
  for (let sequence = 5_000; !session.resting; sequence++) {
    const before = session.snapshot().windows.length;
    server.send(emptyWindow(sequence, { thread: { ...thread, loopActiveMicros: 400_000 } }));
    await until(session, "window", () => session.snapshot().windows.length > before || session.resting);
  }
  const late = await ScriptedPeer.welcome(session.environment, { pid: process.pid, threadId: 7 });
  const signal = AbortSignal.timeout(10_000);
  while (late.received.length < 2) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [first, second] = late.received;
  assert.equal(first?.type, "welcome");
  assert.ok(second?.type === "rest" && second.millis > 5_000, JSON.stringify(second));
  // What it did until it was told is of time that is not measured; nor does it wake the others by loading its code.
  const known = session.snapshot();
  const endMicros = (known.rests?.[0]?.fromMicros ?? 0) + 2_000;
  late.send(emptyWindow(0, { startMicros: endMicros - 1_000, endMicros }));
  late.send({ type: "woken" });
  const notice = { type: "notice", code: "coverage", severity: "info", text: "All before this is in." };
  late.send(notice);
  await until(session, "notice", () => session.snapshot().notices.length > known.notices.length);
  assert.equal(session.snapshot().windows.length, known.windows.length);
  assert.ok(session.resting);
  server.send({ type: "woken" });
  while (late.received.length < 3 || server.received.at(-1)?.type !== "rest") {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const { received } of [late, server]) assert.deepEqual(received.at(-1), { type: "rest", millis: 0 });
  // A window that does not count is an answer all the same: who gave it is asked again with the others.
  let sequence = 1;
  late.onMessage = ({ type }) => {
    if (type === "look") late.send(emptyWindow(sequence++, { startMicros: endMicros - 1_000, endMicros }));
  };
  server.onMessage = ({ type }) => {
    if (type === "look") server.send({ type: "resting" });
  };
  const looksAt = ({ received }: ScriptedPeer) => received.filter(({ type }) => type === "look").length;
  session.watch(true);
  while (looksAt(server) < 6) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.ok(looksAt(late) >= 4, `${looksAt(late)} looks at the one, ${looksAt(server)} at the other`);
  session.watch(false);
  answerFlushes(server);
  const [span, ...more] = (await session.close()).rests ?? [];
  assert.equal(more.length, 0);
  assert.ok(span !== undefined && span.toMicros - span.fromMicros < 10_000_000, JSON.stringify(span));
});

test("while somebody looks on all threads are asked, and glances count until their windows come", async () => {
  const session = await openSession();
  const peer = await ScriptedPeer.welcome(session.environment, { pid: 4_000_001 });
  answerFlushes(peer);
  peer.send(LISTENING);
  await until(session, "workers", () => session.listening !== null);
  await session.startMeasuring();
  const answerFlush = peer.onMessage;
  let sequence = 2_000;
  peer.onMessage = (message) => {
    if (message.type !== "look") return answerFlush(message);
    const endMicros = Date.now() * 1_000 + 5_000;
    const { routes, requests } = requestsOf(message.cut ? 2 : 40);
    const span = { startMicros: endMicros - 1_000, endMicros, requests };
    if (!message.cut) peer.send({ type: "glance", ...span, routes: [] });
    else peer.send(emptyWindow(sequence++, { ...span, routes: sequence === 2_001 ? routes : [] }));
  };
  const looked = async () => ((await once(session, "looked")) as [boolean])[0];
  session.watch(true);
  assert.ok(session.looking);
  assert.equal(await looked(), true);
  assert.equal(session.glances.length, 0);
  assert.equal(await looked(), false);
  assert.equal(session.glances[0]?.requests[0]?.[1], 40);
  assert.equal(session.measuring.requests, 2);
  assert.equal(await looked(), true);
  assert.equal(session.glances.length, 0);
  session.watch(false);
  assert.ok(!session.looking);
  const { windows } = await session.close();
  const counts = windows.flatMap(({ requests }) => requests.map(([, count]) => count));
  assert.ok(counts.length > 0 && counts.every((count) => count === 2), `${counts}`);
});
