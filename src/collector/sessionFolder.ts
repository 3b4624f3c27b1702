// Collector: the session's own folder: the file that tells the preload where to connect, the socket, and the
// windows that processes leave behind when they exit.

import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorText, UserError } from "../common/errors.ts";
import type { SessionFile } from "../protocol/sessionFile.ts";
import type { WindowMessage } from "../protocol/window.ts";
import { MAX_FRAME_BYTES, WIRE_VERSION } from "../protocol/wire.ts";
import { validateWindow } from "./validate.ts";

/** A process writes its last window before its socket closes; a file system may take a moment to show it. */
const LAST_WINDOW_RETRIES_MS = [0, 10, 40, 100];

/** The kernel's limit is 108 bytes on Linux, 104 on macOS, its end marker included. */
const MAX_SOCKET_PATH_BYTES = 100;

export interface SessionFolder {
  readonly path: string;
  /** Path of the session file. */
  readonly file: string;
  readonly socket: string;
  readonly secret: string;
}

/** @throws UserError */
export async function createSessionFolder(
  settings: Pick<SessionFile, "workers" | "topology" | "sampling">,
): Promise<SessionFolder> {
  const path = await makeFolder();
  const socket =
    process.platform === "win32" ? `\\\\.\\pipe\\darcy-${randomBytes(16).toString("hex")}` : join(path, "s");
  const secret = randomBytes(32).toString("hex");
  const file = join(path, "session.json");
  const content: SessionFile = { version: WIRE_VERSION, socket, secret, ...settings };
  await writeFile(file, JSON.stringify(content), { mode: 0o600, flag: "wx" });
  return { path, file, socket, secret };
}

/** Where session folders are made: the second when the first has too long a path. */
export function sessionPlaces(): string[] {
  return process.platform === "win32" ? [tmpdir()] : [...new Set([tmpdir(), "/tmp"])];
}

async function makeFolder(): Promise<string> {
  // Whose it is, so that one whose owner was killed can be told (see sweepSessionFolders).
  const prefix = `darcy-${process.pid}-`;
  const places = sessionPlaces().filter(
    (place) =>
      process.platform === "win32" ||
      Buffer.byteLength(join(place, `${prefix}XXXXXX`, "s")) <= MAX_SOCKET_PATH_BYTES,
  );
  let failure: unknown = new Error("its path is too long for a socket");
  for (const place of places) {
    try {
      const path = await mkdtemp(join(place, prefix));
      await chmod(path, 0o700);
      return path;
    } catch (error) {
      failure = error;
    }
  }
  throw new UserError(
    `No temporary folder could be made in ${tmpdir()}: ${errorText(failure)}.`,
    "Set TMPDIR to a folder that you can write to, with a short path.",
    { cause: failure },
  );
}

export async function removeSessionFolder(folder: SessionFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true, maxRetries: 3 });
}

/** The window that a process left at its end; null when there is none after a short while. */
export async function awaitLastWindow(
  folder: SessionFolder,
  pid: number,
  threadId: number,
): Promise<WindowMessage | null> {
  for (const waitMs of LAST_WINDOW_RETRIES_MS) {
    if (waitMs > 0) await delay(waitMs);
    const window = await readLastWindow(folder, pid, threadId);
    if (window !== null) return window;
  }
  return null;
}

/** The window that a thread wrote when it exited, null when there is none (yet) or it is not whole. */
async function readLastWindow(
  folder: SessionFolder,
  pid: number,
  threadId: number,
): Promise<WindowMessage | null> {
  try {
    const file = await open(join(folder.path, `last-${pid}-${threadId}.json`), "r");
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > MAX_FRAME_BYTES) return null;
      return validateWindow(JSON.parse(await file.readFile("utf8")));
    } finally {
      await file.close();
    }
  } catch {
    // Not there, half-written or not a window: the caller tries again for a while.
    return null;
  }
}
