// Runtime, symmetric: what a server keeps or does once, and on several workers several times: sessions in memory,
// polling clients, WebSockets, scheduled jobs. Worker 1 looks for it in the libraries that are known for it; for WebSockets
// all do but the first.

import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { NoticeCode, NoticeMessage } from "../../protocol/wire.ts";
import { type LoadedModule, onModule } from "../moduleWatch.ts";
import { Patches } from "../patch.ts";

type Notify = (message: Omit<NoticeMessage, "type">) => void;

const SCHEDULERS = ["node-cron", "cron", "node-schedule", "croner", "toad-scheduler"];
/** Older versions write it in camel case. */
const SERVER_OF_WS = /(?:^|\/)web-?socket-?server\.js$/i;

export function watchReplicated(workers: number, notice: Notify): void {
  const told = new Set<string>();
  const tell = (code: NoticeCode, text: string) => {
    if (told.has(text)) return;
    told.add(text);
    notice({ code, severity: "warning", text });
  };
  for (const name of SCHEDULERS) {
    onModule(name, () => tell("scheduled-jobs", fill(NOTICES.jobs, name, workers)));
  }
  onModule("express-session", ({ exports, file }) => {
    if (file.endsWith("memory.js"))
      onFirst(exports, "set", () => tell("memory-sessions", fill(NOTICES.sessions, workers)));
  });
  onModule("engine.io", (module: LoadedModule) => {
    const server = (module.exports as { Server?: unknown } | null)?.Server;
    const base = typeof server === "function" ? (Object.getPrototypeOf(server) as unknown) : null;
    onFirst(base, "handshake", (transport) => {
      if (transport !== "polling") return false;
      tell("polling-clients", fill(NOTICES.polling, workers));
      return true;
    });
  });
}

/**
 * Tells the first WebSocket that this worker takes. Where the first worker has all of them nothing is lost, so it does not
 * look; of the others any may be the second, and the collector says it once.
 */
export function watchWebSockets(workers: number, notice: Notify): void {
  onModule("ws", ({ exports, file }) => {
    if (!SERVER_OF_WS.test(file)) return;
    onFirst(exports, "completeUpgrade", () =>
      notice({ code: "web-sockets", severity: "warning", text: fill(NOTICES.webSockets, workers) }),
    );
  });
}

/** Calls `seen` when the class's method is called, until it returns other than false; the method goes on as before. */
function onFirst(owner: unknown, method: string, seen: (first: unknown) => unknown): void {
  const prototype = typeof owner === "function" ? (owner.prototype as unknown) : null;
  if (typeof prototype !== "object" || prototype === null) return;
  const patches = new Patches();
  patches.replace(prototype, [method as never], (original) => {
    return function (this: unknown, first: unknown): unknown {
      try {
        if (seen(first) !== false) patches.restore();
      } catch {
        patches.restore();
      }
      return Reflect.apply(original, this, arguments);
    };
  });
}
