// Runtime, symmetric: takes Node's IPC channel to peer 0 away from `process` before the user's code runs. The
// raw pipe becomes a socket of our own, which reads and writes the protocol of child_process: one JSON text a
// line; a handle travels beside a line of `{ cmd: "NODE_HANDLE", msg }` and wants an acknowledgement.

import { Socket, type SocketConstructorOpts } from "node:net";
import type { FromPeer, ToPeer } from "./messages.ts";
import type { ServerHandle } from "./serverHandle.ts";

interface IpcPipe {
  readStop(): number;
  /** Set by Node's stream layer when a handle came with what is read. */
  pendingHandle?: ServerHandle | null;
}

export interface Channel {
  send(message: FromPeer): void;
  /** Whether waiting for peer 0 keeps this process alive. */
  hold(alive: boolean): void;
}

export interface ChannelEvents {
  message(message: ToPeer, handle: ServerHandle | null): void;
  /** Peer 0 is gone. */
  closed(): void;
}

const OWN_KEYS = [
  "channel",
  "_channel",
  "connected",
  "send",
  "_send",
  "disconnect",
  "_disconnect",
  "_handleQueue",
  "_pendingMessage",
];
const MAX_LINE = 1024 * 1024;

/** Null when this process has no channel. `standIn`: leave a `process.send` that goes nowhere. */
export function takeChannel(events: ChannelEvents, standIn: boolean): Channel | null {
  const symbol = Object.getOwnPropertySymbols(process).find((key) => key.description === "kChannelHandle");
  const owner = process as unknown as Record<PropertyKey, unknown>;
  const pipe = symbol === undefined ? undefined : (owner[symbol] as IpcPipe | null | undefined);
  if (symbol === undefined || pipe === undefined || pipe === null) return null;
  const control = owner.channel;
  for (const key of [...OWN_KEYS, symbol]) Reflect.deleteProperty(owner, key);
  removeListeners();
  if (standIn) leaveStandIn(owner, control);
  return open(pipe, events);
}

/** What child_process put on `process`; anonymous there, so known by its source. */
function removeListeners(): void {
  for (const name of ["internalMessage", "newListener", "removeListener"]) {
    for (const listener of process.rawListeners(name)) {
      const source = Function.prototype.toString.call(listener);
      if (name === "internalMessage" || /kPendingMessages|refCounted|unrefCounted/.test(source)) {
        process.removeListener(name, listener as () => void);
      }
    }
  }
}

/** The user's process has a parent to talk to (pm2, a watcher); only peer 0 really talks. */
function leaveStandIn(owner: Record<PropertyKey, unknown>, control: unknown): void {
  owner.connected = true;
  const channel: Record<PropertyKey, unknown> = { ref() {}, unref() {} };
  // A tick that child_process has scheduled before us looks for messages that wait, under a symbol.
  if (typeof control === "object" && control !== null) {
    for (const symbol of Object.getOwnPropertySymbols(control)) {
      if (symbol.description === "kPendingMessages") channel[symbol] = [];
    }
  }
  owner.channel = channel;
  owner.send = function send(_message: unknown, ...rest: unknown[]): boolean {
    const callback = rest.findLast((argument) => typeof argument === "function") as
      | ((error: null) => void)
      | undefined;
    if (callback !== undefined) process.nextTick(callback, null);
    return true;
  };
  owner.disconnect = function disconnect(): void {
    if (owner.connected !== true) return;
    owner.connected = false;
    owner.channel = null;
    process.nextTick(() => process.emit("disconnect"));
  };
}

function open(pipe: IpcPipe, events: ChannelEvents): Channel {
  // child_process reads it already; a socket starts that itself.
  pipe.readStop();
  const socket = new Socket({
    handle: pipe,
    readable: true,
    writable: true,
  } as unknown as SocketConstructorOpts);
  let text = "";
  let handle: ServerHandle | null = null;
  const write = (message: unknown) => {
    if (!socket.destroyed && socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  const dispatch = (line: string) => {
    const message = JSON.parse(line) as { cmd?: unknown; msg?: ToPeer };
    if (message.cmd === "NODE_HANDLE") {
      write({ cmd: handle === null ? "NODE_HANDLE_NACK" : "NODE_HANDLE_ACK" });
      const received = handle;
      handle = null;
      if (received !== null && message.msg !== undefined) events.message(message.msg, received);
    } else if (message.cmd === undefined) {
      events.message(message as ToPeer, null);
    }
  };
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    if (pipe.pendingHandle) {
      handle = pipe.pendingHandle;
      pipe.pendingHandle = null;
    }
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      try {
        dispatch(line);
      } catch {
        // A line that we can't follow is left out.
      }
    }
    if (text.length > MAX_LINE) socket.destroy();
  });
  let over = false;
  const closed = () => {
    if (over) return;
    over = true;
    socket.destroy();
    events.closed();
  };
  socket.on("error", closed);
  socket.on("end", closed);
  socket.on("close", closed);
  socket.unref();
  return { send: write, hold: (alive) => void (alive ? socket.ref() : socket.unref()) };
}
