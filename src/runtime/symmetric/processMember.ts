// Runtime, symmetric: starts a peer as a process: the user's program once more, with an IPC channel to us.

import type * as ChildProcesses from "node:child_process";
import type { Socket } from "node:net";
import { builtin } from "../builtins.ts";
import type { Member, Start } from "./member.ts";
import type { FromPeer } from "./messages.ts";

/** IPC, after stdin, stdout and stderr; inherited handles follow it. */
export const FIRST_HANDLE_FD = 4;

export function startProcess({ rerun, peer, state, descriptors, events }: Start): Member {
  // Its stdin never delivers and ends with us: at /dev/null a server that reads it would see its end at once.
  const child = builtin<typeof ChildProcesses>("child_process").spawn(rerun.file, rerun.args, {
    argv0: rerun.argv0,
    cwd: rerun.cwd,
    env: rerun.environment(peer, state),
    // A process group of its own: the terminal's Ctrl+C reaches peer 0 only, which passes it on.
    detached: true,
    windowsHide: true,
    stdio: ["pipe", "inherit", "inherit", "ipc", ...descriptors],
  });
  // Also emitted for a signal or message that did not arrive; then the process is still there.
  child.on("error", () => child.pid === undefined && events.ended({ code: null, signal: null, error: null }));
  child.on("exit", (code, signal) => events.ended({ code, signal, error: null }));
  child.on("message", (message) => events.message(message as FromPeer));
  child.stdin?.on("error", () => {});
  (child.stdin as Socket | null)?.unref();
  child.unref();
  child.channel?.unref();
  return {
    pid: child.pid ?? null,
    send: (message, handle) => {
      // Without a callback a failed write would be emitted as an error.
      if (child.connected) child.send(message, (handle ?? undefined) as never, {}, () => {});
    },
    signal: (name) => void child.kill(name),
    dispose: () => void child.stdin?.destroy(),
  };
}
