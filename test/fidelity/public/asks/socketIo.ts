// Tests: what is asked of socket.io, by its own client: both transports, acknowledgements, rooms, refusals.

import { ALONE, type Asker } from "../asker.ts";
import { fromCache } from "../packages.ts";

interface Client {
  readonly id: string;
  readonly io: { readonly engine: { readonly transport: { readonly name: string } } };
  on(event: string, listener: (...args: never[]) => void): void;
  once(event: string, listener: (...args: never[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
  close(): void;
}
type Connect = (address: string, options: Readonly<Record<string, unknown>>) => Client;

export async function askSocketIo(ask: Asker): Promise<void> {
  const { io } = fromCache("socket.io-client") as { io: Connect };
  const open = (path: string, options: Readonly<Record<string, unknown>>) =>
    io(`${ask.origin}${path}`, { forceNew: true, reconnection: false, ...options });
  await ask.each([
    "/",
    "/socket.io/?EIO=3&transport=polling",
    "/socket.io/?EIO=4&transport=none",
    "/socket.io/socket.io.js",
  ]);
  // A polling client's requests have to reach the worker that knows it: Darcy says so when it sees one.
  const transports =
    ask.workers === 1 ? [["websocket"], ["polling"], ["polling", "websocket"]] : [["websocket"]];
  for (const names of transports)
    await askOver(
      ask,
      `${names.includes("polling") ? ALONE : ""}${names.join(" then ")}`,
      open("/", { transports: names }),
    );
  const refused = open("/admin", { transports: ["websocket"], auth: { token: "wrong" } });
  const error = await new Promise<Error & { data?: unknown }>((resolve) =>
    refused.once("connect_error", resolve as never),
  );
  ask.say("refused namespace", [error.message, error.data]);
  refused.close();
  const admitted = open("/admin", { transports: ["websocket"], auth: { token: "right" } });
  ask.say("admitted", await new Promise((resolve) => admitted.once("admin", resolve as never)));
  admitted.close();
  await ask.burst(["/"], 100);
}

async function askOver(ask: Asker, name: string, socket: Client): Promise<void> {
  const hello = new Promise((resolve) => socket.once("hello", resolve as never));
  socket.on("question", ((number: number, answer: (value: number) => void) => answer(number + 22)) as never);
  const joined = new Promise((resolve) =>
    socket.once("joined", ((...args: unknown[]) => resolve(args)) as never),
  );
  ask.say(`${name}: hello`, await hello);
  ask.say(`${name}: echo`, await socket.emitWithAck("echo", 1, "ü", { a: [null] }, "x".repeat(20_000)));
  const bytes = (await socket.emitWithAck("bytes", Buffer.from([1, 2, 3]))) as Buffer;
  ask.say(`${name}: bytes`, [...bytes]);
  socket.emit("join", `room of ${name}`);
  ask.say(`${name}: joined`, await joined);
  ask.say(`${name}: asked back`, await socket.emitWithAck("ask"));
  const left = new Promise((resolve) => socket.once("disconnect", resolve as never));
  socket.emit("leave");
  ask.say(`${name}: left`, await left);
  socket.close();
}
