// Fuzzing: a real session on its real socket, with strangers and peers that say anything, many at a time.

import { connect, type Socket } from "node:net";
import { Session } from "../../src/collector/session.ts";
import { validateProfile } from "../../src/collector/validateProfile.ts";
import { DEFAULT_SAMPLING, type SessionFile } from "../../src/protocol/sessionFile.ts";
import { sessionFileOf } from "../unit/scriptedPeer.ts";
import type { Chance } from "./chance.ts";
import { Inputs, joined } from "./inputs.ts";
import { MemoryWatch } from "./memory.ts";
import type { Outcome } from "./outcome.ts";
import { json, type Traffic } from "./traffic.ts";

const AT_ONCE = 64;
const CONNECTIONS_A_SESSION = 800;
const MOST_INPUTS_A_CONNECTION = 6;
/** A session that answers nobody any more fails the run. */
const DEADLINE_MS = 60_000;

export async function fuzzSocket(traffic: Traffic, chance: Chance, count: number): Promise<Outcome> {
  const inputs = new Inputs(traffic, chance);
  const memory = new MemoryWatch();
  const began = performance.now();
  let [sent, accepted, slowestMs] = [0, 0, 0];
  for (let quarter = 1; quarter <= 4; quarter++) {
    while (sent < (count * quarter) / 4) {
      const start = process.cpuUsage();
      const batch = await fuzzSession(traffic, inputs, chance, Math.ceil((count * quarter) / 4) - sent);
      const { user, system } = process.cpuUsage(start);
      sent += batch.sent;
      accepted += batch.accepted;
      slowestMs = Math.max(slowestMs, (user + system) / 1_000 / batch.sent);
    }
    await memory.mark();
  }
  return { inputs: sent, accepted, seconds: (performance.now() - began) / 1000, slowestMs, memory };
}

/** Then a peer that means it is still let in, heard, and its figures can be saved. */
async function fuzzSession(
  traffic: Traffic,
  inputs: Inputs,
  chance: Chance,
  most: number,
): Promise<{ sent: number; accepted: number }> {
  const session = await Session.open({
    command: ["node"],
    cwd: "/",
    workers: 1,
    topology: "single",
    warmupMs: 0,
    sampling: DEFAULT_SAMPLING,
    distFolder: "/",
    nodePath: process.execPath,
    baseEnvironment: {},
  });
  try {
    const file = sessionFileOf(session.environment);
    let accepted = 0;
    session.on("window", () => accepted++);
    let [sent, connections] = [0, 0];
    const client = async () => {
      while (sent < most && connections++ < CONNECTIONS_A_SESSION) {
        const bytes: Uint8Array[] = chance.once(3) ? [] : [helloOf(traffic, file)];
        const inputsHere = 1 + chance.below(MOST_INPUTS_A_CONNECTION);
        for (let i = 0; i < inputsHere; i++) bytes.push(inputs.next());
        sent += inputsHere;
        await say(file.socket, inputs.chunks(joined(...bytes)), chance);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    await goodPeer(session, file, traffic);
    const profile = await session.close();
    validateProfile(JSON.parse(JSON.stringify(profile)));
    if ("polluted" in {}) throw new Error("A prototype was changed.");
    return { sent, accepted };
  } finally {
    await session.close();
  }
}

function helloOf({ hello }: Traffic, { secret }: SessionFile): Uint8Array {
  return json({ ...hello, secret });
}

/** Until the session or we hang up. */
function say(path: string, chunks: readonly Uint8Array[], chance: Chance): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    watch(socket, reject);
    socket.on("close", () => resolve());
    // A rude one does not wait until it has been heard.
    const rude = chance.once(4);
    socket.on("connect", () => {
      for (const chunk of chunks.slice(0, 2_000)) socket.write(chunk);
      if (rude) socket.destroySoon();
      else socket.end();
    });
    socket.resume();
  });
}

function watch(socket: Socket, reject: (error: Error) => void): void {
  socket.on("error", () => undefined);
  socket.setTimeout(DEADLINE_MS, () => {
    socket.destroy();
    reject(new Error("The session does not hang up."));
  });
}

async function goodPeer(session: Session, file: SessionFile, traffic: Traffic): Promise<void> {
  const before = session.snapshot().windows.length;
  const socket = connect(file.socket);
  const heard = new Promise<void>((resolve, reject) => {
    watch(socket, reject);
    session.on("window", () => {
      if (session.snapshot().windows.length > before) resolve();
    });
    socket.on("close", () => reject(new Error("A good peer is turned away.")));
  });
  const first = traffic.messages.find((message) => message.type === "window");
  socket.write(joined(helloOf(traffic, file), json(first)));
  await heard;
  socket.removeAllListeners("close").destroy();
}
