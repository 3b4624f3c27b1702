// Load: starts the load process and reads what it says. It is a process of its own so that its work is neither
// on the extension host's thread nor in the server's figures.

import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";
import type { ListeningMessage } from "../../protocol/wire.ts";
import { ownEnvironment } from "../environment.ts";
import type { LoadMessage, LoadOptions, LoadResult } from "./loadMessages.ts";

export type { LoadOptions, LoadResult } from "./loadMessages.ts";

export interface Load {
  /** Its process is there and sends requests, or `done` has settled. */
  readonly started: Promise<void>;
  /** Rejects with a UserError when no load could be made. Null: stopped before there was a result. */
  readonly done: Promise<LoadResult | null>;
  /** Ends it early; `done` resolves with what there was. */
  stop(): void;
  /** It was told to end before its time. */
  readonly stopped: boolean;
  /** Called about once a second with the requests answered in it. */
  onProgress(listener: (answered: number) => void): void;
}

const STOP_DEADLINE_MS = 2_000;

/** @param nodePath a Node, or Electron (an extension host's execPath), which is told to be one */
export function driveLoad(nodePath: string, distFolder: string, options: LoadOptions): Load {
  const child = spawn(nodePath, [join(distFolder, "load.js"), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "ignore", "ipc"],
    env: ownEnvironment(process.env),
    windowsHide: true,
  });
  const progress = new EventEmitter<{ progress: [number] }>();
  let result: LoadResult | null = null;
  let failure: string | null = null;
  let stopped = false;
  let begin: () => void;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  // Typed as maybe missing because of the fourth pipe; "pipe" makes it.
  createInterface({ input: child.stdout as Readable }).on("line", (line) => {
    const message = JSON.parse(line) as LoadMessage;
    if (message.type === "started") begin();
    else if (message.type === "progress") progress.emit("progress", message.answered);
    else if (message.type === "result") result = message;
    else failure = message.reason;
  });
  const done = new Promise<LoadResult | null>((resolve, reject) => {
    const fail = (reason: string) =>
      reject(
        new UserError(
          t("No load could be sent to {0}: {1}.", options.url, reason),
          t("Check the address that the load goes to."),
        ),
      );
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => {
      if (failure !== null) fail(failure);
      else if (result !== null || stopped) resolve(result);
      else fail(`its process ended with code ${code}`);
    });
  });
  // Whoever asks gets the rejection; nobody asking must not end the process.
  done.catch(() => undefined);
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  return {
    done,
    started: Promise.race([begun, settled]),
    stop: () => {
      if (stopped) return;
      stopped = true;
      if (child.connected) child.send("stop", () => undefined);
      setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS).unref();
    },
    get stopped() {
      return stopped;
    },
    onProgress: (listener) => void progress.on("progress", listener),
  };
}

export type ListeningAddress = Pick<ListeningMessage, "port" | "address" | "tls" | "raw">;

/** This machine only; URL has made `127.1` and the like plain. */
const OWN_HOST = /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

/**
 * `--load` takes a path, then the server's own address is put before it, or a whole URL. Neither leads to another
 * machine: load that its owner did not ask for is an attack.
 * @throws UserError
 */
export function loadUrl(target: string, listening: ListeningAddress | null): string {
  // Not by `new URL(target, base)`: `//host/` and `/\host/` would replace the base's host.
  const url = parsedUrl(target.startsWith("/") ? `${originOf(listening)}${target}` : target);
  if (url === null) {
    throw new UserError(
      t('"{0}" is no address to send requests to.', target),
      t("Give a path (/orders) or a URL (http://…)."),
    );
  }
  const own = listening === null || listening.port === null ? null : parsedUrl(originOf(listening));
  if (!OWN_HOST.test(url.hostname) && url.hostname !== own?.hostname) {
    throw new UserError(
      t("{0} is neither this machine nor where the server listens, so no load is sent to it.", url.hostname),
      t("Give a path (/orders), or a URL at localhost or at the server's own address."),
    );
  }
  return url.href;
}

function parsedUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
}

function originOf(listening: ListeningAddress | null): string {
  if (listening === null || listening.port === null) {
    throw new UserError(
      t("The server listens on a Unix socket or pipe, which the load can't reach by a path."),
      t("Let it listen on a TCP port, or send requests yourself, without --load."),
    );
  }
  return originAt(hostOf(listening.address), listening);
}

function originAt(host: string, { port, tls }: ListeningAddress): string {
  return `${tls === true ? "https" : "http"}://${host}:${port}`;
}

/**
 * Where people reach it, without a path: `localhost`, which certificates name, unless it is bound to another address; a URL where
 * it speaks HTTP. Null: at no port.
 */
export function shownOrigin(listening: ListeningAddress | null): string | null {
  if (listening === null || listening.port === null) return null;
  const bound = hostOf(listening.address);
  const host = OWN_HOST.test(bound) ? "localhost" : bound;
  return listening.raw === true ? `${host}:${listening.port}` : originAt(host, listening);
}

/** The same as the load's target has it, for a terminal; a Unix socket's path. */
export function shownPlace(listening: ListeningAddress): string {
  if (listening.port === null) return listening.address;
  return listening.raw === true ? `${hostOf(listening.address)}:${listening.port}` : loadUrl("/", listening);
}

/** The address that reaches a server which listens on `address`: "any" is not one. */
function hostOf(address: string): string {
  if (["", "::", "0.0.0.0", "localhost"].includes(address)) return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
