// Collector: removes the session folders of owners that were killed before they could do it themselves.

import { lstat, opendir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { errorCode } from "../common/errors.ts";

const NAME = /^darcy-([1-9]\d{0,9})-[A-Za-z0-9]{6}$/;
const MAX_ENTRIES = 20_000;
const MAX_REMOVED = 50;
const CONNECT_DEADLINE_MS = 200;

/** Never throws: what can't be removed stays. */
export async function sweepSessionFolders(places: readonly string[]): Promise<void> {
  for (const place of places) await sweep(place).catch(() => undefined);
}

async function sweep(place: string): Promise<void> {
  let entries = 0;
  let removed = 0;
  for await (const { name } of await opendir(place)) {
    if (++entries > MAX_ENTRIES || removed >= MAX_REMOVED) return;
    const owner = Number(NAME.exec(name)?.[1] ?? 0);
    if (owner === 0 || runs(owner)) continue;
    const path = join(place, name);
    if (!(await isOurs(path)) || (await answers(join(path, "s")))) continue;
    // A link in it is removed, not followed.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    removed++;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== "ESRCH";
  }
}

async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isDirectory()) return false;
  return process.getuid === undefined || found.uid === process.getuid();
}

/** Its owner may live in another container that shares the folder, where pids count otherwise. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const settle = (answered: boolean) => {
      connection.destroy();
      resolve(answered);
    };
    connection.setTimeout(CONNECT_DEADLINE_MS, () => settle(true));
    connection.once("connect", () => settle(true));
    // Anything but these, as a full backlog: somebody may be there.
    connection.once("error", (error) =>
      settle(!["ENOENT", "ECONNREFUSED", "ENOTSOCK", "ENOTDIR"].includes(errorCode(error))),
    );
  });
}
