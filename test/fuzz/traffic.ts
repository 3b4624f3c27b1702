// Fuzzing: what real servers say: the frames of a real preload in a real process, recorded at the session's socket.

import { spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { serverEnvironment } from "../../src/collector/environment.ts";
import { createSessionFolder, removeSessionFolder } from "../../src/collector/sessionFolder.ts";
import { FrameReader, frame } from "../../src/protocol/framing.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { type HelloMessage, type PeerMessage, WIRE_VERSION } from "../../src/protocol/wire.ts";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const SERVER = fileURLToPath(new URL("../fixtures/faults/busy.cjs", import.meta.url));
const DEADLINE_MS = 60_000;

export interface Traffic {
  readonly hello: HelloMessage;
  /** In the order in which they came. */
  readonly messages: readonly Exclude<PeerMessage, HelloMessage>[];
}

/** Records a server under requests until `windows` windows with requests have come. */
export async function recordTraffic(windows: number): Promise<Traffic> {
  const sampling = { ...DEFAULT_SAMPLING, windowMillis: 100, heapWindowMillis: 100, stacksPerSecond: 200 };
  const folder = await createSessionFolder({ workers: 1, topology: "single", sampling });
  const messages: PeerMessage[] = [];
  let changed = (): void => undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = new FrameReader();
    socket.on("error", () => undefined);
    socket
      .on("data", (chunk) =>
        reader.push(chunk, (body) => {
          const message = JSON.parse(new TextDecoder().decode(body)) as PeerMessage;
          messages.push(message);
          if (message.type === "hello") socket.write(json({ type: "welcome", version: WIRE_VERSION }));
          changed();
        }),
      )
      .on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(folder.socket, resolve));
  const child = spawn(process.execPath, [SERVER], {
    env: serverEnvironment({ ...process.env, PORT: "0" }, folder.file, `${DIST}preload.js`),
    stdio: "ignore",
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const until = async (what: string, reached: () => boolean) => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    while (!reached()) {
      if (signal.aborted || child.exitCode !== null) throw new Error(`The server to fuzz with: no ${what}.`);
      await new Promise<void>((resolve) => {
        changed = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  };
  try {
    await until("port", () => messages.some(({ type }) => type === "listening"));
    const listening = messages.find((message) => message.type === "listening");
    const url = `http://127.0.0.1:${listening?.port}/?size=`;
    let over = false;
    const load = Array.from({ length: 8 }, async (_, i) => {
      while (!over) await (await fetch(`${url}${(i + 1) * 500}`)).arrayBuffer();
    });
    const busy = () => messages.filter((message) => message.type === "window" && message.requests.length > 0);
    await until("windows", () => busy().length >= windows).finally(() => {
      over = true;
    });
    await Promise.all(load);
  } finally {
    child.kill("SIGKILL");
    await exited;
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await removeSessionFolder(folder);
  }
  const hello = messages.find((message): message is HelloMessage => message.type === "hello");
  if (hello === undefined) throw new Error("The server to fuzz with said no hello.");
  return {
    hello,
    messages: messages.filter((message) => message.type !== "hello"),
  };
}

export function json(value: unknown): Uint8Array {
  return frame(new TextEncoder().encode(JSON.stringify(value)));
}
