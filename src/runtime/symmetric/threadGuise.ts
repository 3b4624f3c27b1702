// Runtime, symmetric, topology threads: within a peer that is a thread. The user's code is to take it for the main
// one, or it would run what it keeps for workers of its own. What no thread can do is said.

import { syncBuiltinESMExports } from "node:module";
import type Os from "node:os";
import type { MessagePort } from "node:worker_threads";
import * as workerThreads from "node:worker_threads";
import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { NoticeMessage } from "../../protocol/wire.ts";
import { builtin } from "../builtins.ts";
import type { Channel, ChannelEvents } from "./hiddenChannel.ts";
import type { ToPeer } from "./messages.ts";

// Our own, before anyone patches them.
const { add, notify, sub } = Atomics;

export const THREAD_KEY = "darcy.thread";

export interface ThreadData {
  readonly port: MessagePort;
  readonly running: Int32Array;
}

type Notice = (message: Omit<NoticeMessage, "type">) => void;

function threadData(): ThreadData | null {
  const data: unknown = workerThreads.workerData;
  if (workerThreads.isMainThread || typeof data !== "object" || data === null) return null;
  return ((data as Record<string, unknown>)[THREAD_KEY] as ThreadData | undefined) ?? null;
}

export function isPeerThread(): boolean {
  return threadData() !== null;
}

/** Null in a process. Once, before the user's code runs. */
export function takeThread(events: ChannelEvents, notice: Notice): Channel | null {
  const data = threadData();
  if (data === null) return null;
  const { port, running } = data;
  add(running, 0, 1);
  process.once("exit", () => {
    sub(running, 0, 1);
    notify(running, 0);
  });
  // The module's own object: its namespace is read-only.
  Object.assign(builtin<object>("worker_threads"), {
    isMainThread: true,
    parentPort: null,
    workerData: null,
  });
  syncBuiltinESMExports();
  sayLimits(notice);
  port.on("message", (message: ToPeer) => {
    events.message(message, null);
    if (message.type === "signal") raise(message.signal);
  });
  port.unref();
  return {
    send: (message) => port.postMessage(message),
    hold: (alive) => void (alive ? port.ref() : port.unref()),
  };
}

/** Signals reach the process's main thread only. */
function raise(signal: string): void {
  if (process.listenerCount(signal) > 0)
    Reflect.apply(process.emit, process, [
      signal,
      signal,
      builtin<typeof Os>("os").constants.signals[signal as NodeJS.Signals],
    ]);
}

function sayLimits(notice: Notice): void {
  const said = new Set<string>();
  const say = (what: string) => {
    if (said.has(what)) return;
    said.add(what);
    const text = fill(NOTICES.inThread, what);
    notice({ code: "thread-limits", severity: "warning", text });
  };
  // Peer 0 has done it for the whole process: the same once more changes nothing.
  const done: Readonly<Record<string, (wanted: unknown) => boolean>> = {
    chdir: (wanted) => wanted === process.cwd(),
    umask: (wanted) => wanted === process.umask(),
    setuid: (wanted) => wanted === process.getuid?.(),
    setgid: (wanted) => wanted === process.getgid?.(),
    seteuid: (wanted) => wanted === process.geteuid?.(),
    setegid: (wanted) => wanted === process.getegid?.(),
  };
  const owner = process as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const [name, isDone] of Object.entries(done)) {
    const original = owner[name];
    if (typeof original !== "function") continue;
    const replacement = function (this: unknown, ...args: unknown[]): unknown {
      if (args.length === 0) return Reflect.apply(original, this, args);
      if (isDone(args[0])) return name === "umask" ? args[0] : undefined;
      say(fill(NOTICES.notPossible, name));
      return Reflect.apply(original, this, args);
    };
    Object.defineProperty(replacement, "name", { value: original.name, configurable: true });
    owner[name] = replacement;
  }
  const { dlopen } = process;
  process.dlopen = function (this: unknown, ...args: Parameters<typeof dlopen>): void {
    try {
      Reflect.apply(dlopen, this, args);
    } catch (error) {
      // Not made for several threads (context-aware), and loaded in another one before.
      if (error instanceof Error && /did not self-register/.test(error.message))
        say(fill(NOTICES.addOn, args[1]));
      throw error;
    }
  };
}
