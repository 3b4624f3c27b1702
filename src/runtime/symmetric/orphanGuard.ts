// Runtime, symmetric: the last resort against orphans. A peer ends by itself when peer 0 is gone, unless its loop
// is blocked. A shell that waits for the end of its input (which peer 0's death is) then kills what is left.

import type * as ChildProcesses from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { builtin } from "../builtins.ts";

/** Reads lists of process ids; at the end gives those of the last one seven seconds. */
const SCRIPT = [
  "p=; while read -r l; do p=$l; done",
  "for i in 1 2 3 4 5 6 7; do",
  '  a=; for q in $p; do kill -0 $q 2>/dev/null && a="$a $q"; done',
  '  [ -z "$a" ] && exit 0',
  "  sleep 1",
  "done",
  "kill -9 $a 2>/dev/null",
].join("\n");

export class OrphanGuard {
  private shell: ChildProcess | null = null;
  private failed = process.platform === "win32";

  watch(pids: readonly number[]): void {
    if (this.failed || (this.shell === null && pids.length === 0)) return;
    this.shell ??= this.start();
    this.shell?.stdin?.write(`${pids.join(" ")}\n`);
  }

  private start(): ChildProcess | null {
    const shell = builtin<typeof ChildProcesses>("child_process").spawn("/bin/sh", ["-c", SCRIPT], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
    });
    const off = () => {
      this.failed = true;
      this.shell = null;
    };
    shell.on("error", off);
    shell.on("exit", off);
    shell.stdin?.on("error", off);
    (shell.stdin as Socket | null)?.unref();
    shell.unref();
    return shell;
  }
}
