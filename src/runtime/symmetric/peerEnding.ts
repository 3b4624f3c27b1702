// Runtime, symmetric: how a peer ends: by a signal that its user's code handles, or because peer 0 is gone.

import type { ListeningServer } from "./serverHandle.ts";

// Our own, taken before fake timers can replace them.
const { setInterval } = globalThis;

const HARD_EXIT_MILLIS = 5_000;
/** A server that was told to stop, or was done, and still answers what is under way: what Kubernetes gives one by default. */
const DRAINING_MILLIS = 30_000;
const LOOK_MILLIS = 250;
/** After this a signal's handler is over and did not mean to end the process. */
const STOPPING_MILLIS = 10_000;
const STOP_SIGNALS = new Set(["SIGTERM", "SIGINT", "SIGQUIT", "SIGBREAK"]);

export class PeerEnding {
  private signalledAt = Number.NEGATIVE_INFINITY;
  private exitCode: number | null = null;

  signalled(signal: string): void {
    if (STOP_SIGNALS.has(signal)) this.signalledAt = performance.now();
  }

  /** By itself, with this code. */
  firstPeerExits(code: number): void {
    this.exitCode = code;
  }

  get isStopping(): boolean {
    return performance.now() - this.signalledAt < STOPPING_MILLIS;
  }

  /**
   * Peer 0 is gone, and this process is not its own.
   * @param draining goes on to be kept
   */
  orphaned(listening: Iterable<ListeningServer>, draining: ReadonlySet<ListeningServer>): void {
    this.endAtLast(this.isStopping || this.exitCode === 0, draining);
    // The user's own handler is at work already; a second signal often means "at once".
    if (this.isStopping) return;
    if (this.exitCode !== 0 || process.listenerCount("SIGTERM") > 0) {
      process.kill(process.pid, "SIGTERM");
      return;
    }
    // Peer 0 was done and left: requests that are under way may finish.
    for (const server of [...listening]) if (server._handle !== null) server.close();
    const open = [...draining].filter(isDraining);
    let left = open.length;
    const leave = () => {
      if (--left <= 0) process.kill(process.pid, "SIGTERM");
    };
    if (left === 0) leave();
    for (const server of open) server.once("close", leave);
  }

  /** @param finishing requests that are under way may finish */
  private endAtLast(finishing: boolean, draining: ReadonlySet<ListeningServer>): void {
    const gone = performance.now();
    setInterval(() => {
      const most = finishing && [...draining].some(isDraining) ? DRAINING_MILLIS : HARD_EXIT_MILLIS;
      if (performance.now() - gone >= most) process.kill(process.pid, "SIGKILL");
    }, LOOK_MILLIS).unref();
  }
}

export function isDraining(server: ListeningServer): boolean {
  return server._handle === null && server._connections > 0;
}
