// Recording: a server that was left when its extension host crashed: its terminal outlives that, and nobody measures it any more.

import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { groupRuns } from "../collector/launch.ts";
import { log } from "../common/log.ts";

/** After SIGTERM. */
const GRACE_MILLIS = 5_000;
const LOOK_MILLIS = 50;

/** Ends it with its process group, if it still runs in a terminal of this window: else the number may be another's. */
export async function endLeftServer(pid: number): Promise<void> {
  const terminal = await terminalOf(pid);
  if (terminal === null || !(await groupRuns(pid))) return;
  log().info(`Process ${pid}, the server of a recording that was cut off, is ended.`);
  if (!signal(pid, "SIGTERM")) return;
  const deadline = performance.now() + GRACE_MILLIS;
  while (await groupRuns(pid)) {
    if (performance.now() >= deadline) {
      signal(pid, "SIGKILL");
      return;
    }
    await delay(LOOK_MILLIS);
  }
}

/** Waits for none that has no process yet. */
async function terminalOf(pid: number): Promise<vscode.Terminal | null> {
  const looks = vscode.window.terminals.map(async (terminal) => {
    if ((await terminal.processId) !== pid) throw new Error("another");
    return terminal;
  });
  return Promise.any(looks).catch(() => null);
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}
