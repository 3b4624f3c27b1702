// Runtime, symmetric, topology threads: starts a peer as a worker thread of peer 0's process, which runs the user's
// program once more.

import { MessageChannel, Worker } from "node:worker_threads";
import type { Member, Start } from "./member.ts";
import type { FromPeer } from "./messages.ts";
import { THREAD_KEY, type ThreadData } from "./threadGuise.ts";

// Our own, before anyone patches them.
const { load, wait } = Atomics;

/** How many peers run as threads; at 0 it is notified. */
const running = new Int32Array(new SharedArrayBuffer(4));

export function startThread({ rerun, peer, state, events }: Start): Member {
  const { port1: port, port2 } = new MessageChannel();
  const data: ThreadData = { port: port2, running };
  const worker = new Worker(rerun.entry ?? "", {
    argv: [...rerun.words],
    env: rerun.environment(peer, state),
    workerData: { [THREAD_KEY]: data },
    transferList: [port2],
  });
  let error: string | null = null;
  worker.on("error", (thrown: unknown) => {
    error = thrown instanceof Error ? thrown.name : typeof thrown;
  });
  worker.on("exit", (code) => events.ended({ code, signal: null, error }));
  port.on("message", (message: FromPeer) => events.message(message));
  port.unref();
  worker.unref();
  return {
    pid: null,
    send: (message) => port.postMessage(message),
    // It reaches the thread as a message (FirstPeer tells it all peers).
    signal: () => {},
    dispose: () => port.close(),
  };
}

/** Holds this thread up until the others have ended: with it their requests would end too. */
export function awaitThreads(millis: number): void {
  const end = performance.now() + millis;
  for (let count = load(running, 0); count > 0; count = load(running, 0)) {
    const left = end - performance.now();
    if (left <= 0 || wait(running, 0, count, left) === "timed-out") return;
  }
}
