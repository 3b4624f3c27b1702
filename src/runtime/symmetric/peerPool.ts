// Runtime, symmetric: the processes that peer 0 started: starts them, starts them again when they end
// unexpectedly, gives up after a crash loop, and tells them what happens at peer 0.

import type * as ChildProcesses from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { NoticeMessage } from "../../protocol/wire.ts";
import { builtin } from "../builtins.ts";
import type { FromPeer, PeerState, ToPeer } from "./messages.ts";
import type { Rerun } from "./rerun.ts";
import type { ServerHandle } from "./serverHandle.ts";

const { setTimeout } = globalThis;

/** A peer that ends sooner than this after its start, or before it listens, has crashed at start. */
const QUICK_MILLIS = 2_000;
const CRASHES = 3;
const RESTART_MILLIS = 200;
const MAX_EXIT_NOTICES = 20;
/** IPC, after stdin, stdout and stderr; inherited handles follow it. */
const FIRST_HANDLE_FD = 4;

export interface GivenState {
  readonly state: Omit<PeerState, "descriptors" | "again">;
  readonly handles: readonly (readonly [index: number, fd: number])[];
}

export interface PoolContext {
  readonly rerun: Rerun;
  notice(message: Omit<NoticeMessage, "type">): void;
  quietly<T>(action: () => T): T;
  /** The state for a peer that starts now, and the handles it inherits; null when none should start. */
  state(): GivenState | null;
  /** The handle of one entry, for a peer that lacks it. */
  handle(index: number): ServerHandle | null;
  /** Whether the whole is being ended; then peers may go. */
  ending(): boolean;
  /** The peers that live now. */
  changed(pids: readonly number[]): void;
  /** A peer let go of an address, or is gone. */
  released(): void;
}

interface Slot {
  readonly peer: number;
  child: ChildProcess | null;
  startedAt: number;
  listened: boolean;
  crashes: number;
  /** It ended and is about to be replaced. */
  waiting: boolean;
  /** Indices of the entries whose address it has. */
  readonly holds: Set<number>;
}

export class PeerPool {
  private readonly slots: Slot[] = [];
  private exitNotices = 0;
  private toldCrashAtStart = false;
  private toldCrashLoop = false;

  constructor(private readonly context: PoolContext) {}

  start(workers: number): void {
    for (let peer = 1; peer < workers; peer++) {
      const slot: Slot = {
        peer,
        child: null,
        startedAt: 0,
        listened: false,
        crashes: 0,
        waiting: false,
        holds: new Set(),
      };
      this.slots.push(slot);
      this.spawn(slot);
    }
  }

  /** Peer 0 listens again after all its servers were closed. */
  revive(): void {
    for (const slot of this.slots) {
      if (slot.child === null && !slot.waiting && slot.crashes < CRASHES) this.spawn(slot);
    }
  }

  /** Whether a peer has the address of this entry. */
  holds(index: number): boolean {
    return this.slots.some((slot) => slot.holds.has(index));
  }

  broadcast(message: ToPeer): void {
    for (const { child } of this.slots) if (child !== null) this.send(child, message, null);
  }

  signal(name: NodeJS.Signals): void {
    this.broadcast({ type: "signal", signal: name });
    for (const { child } of this.slots) child?.kill(name);
  }

  private send(child: ChildProcess, message: ToPeer, handle: ServerHandle | null): void {
    if (!child.connected) return;
    // Without a callback a failed write would be emitted as an error.
    child.send(message, (handle ?? undefined) as never, {}, () => {});
  }

  private spawn(slot: Slot): void {
    this.context.quietly(() => {
      const given = this.context.state();
      if (given === null) return;
      const { rerun } = this.context;
      const state: PeerState = {
        ...given.state,
        again: slot.startedAt > 0,
        descriptors: given.handles.map(([index], place) => [index, FIRST_HANDLE_FD + place] as const),
      };
      // Its stdin never delivers and ends with us: at /dev/null a server that reads it would see its end at once.
      const child = builtin<typeof ChildProcesses>("child_process").spawn(rerun.file, rerun.args, {
        argv0: rerun.argv0,
        cwd: rerun.cwd,
        env: rerun.environment(slot.peer, state),
        // A process group of its own: the terminal's Ctrl+C reaches peer 0 only, which passes it on.
        detached: true,
        windowsHide: true,
        stdio: ["pipe", "inherit", "inherit", "ipc", ...given.handles.map(([, fd]) => fd)],
      });
      slot.child = child;
      slot.startedAt = performance.now();
      slot.listened = false;
      for (const [index] of given.handles) slot.holds.add(index);
      // Also emitted for a signal or message that did not arrive; then the process is still there.
      child.on("error", () => child.pid === undefined && this.ended(slot, child, null, null));
      child.on("exit", (code, signal) => this.ended(slot, child, code, signal));
      child.on("message", (message) => this.hear(slot, child, message as FromPeer));
      child.stdin?.on("error", () => {});
      (child.stdin as import("node:net").Socket | null)?.unref();
      child.unref();
      child.channel?.unref();
      this.tellPids();
    });
  }

  private hear(slot: Slot, child: ChildProcess, message: FromPeer): void {
    if (message.type === "listening") {
      slot.listened = true;
      slot.holds.add(message.index);
    } else if (message.type === "released") {
      slot.holds.delete(message.index);
      this.context.released();
    } else if (message.type === "want") {
      const handle = this.context.handle(message.index);
      if (handle === null) this.send(child, { type: "closed", index: message.index, again: true }, null);
      else this.send(child, { type: "handle", index: message.index }, handle);
    }
  }

  private ended(slot: Slot, child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (slot.child !== child) return;
    slot.child = null;
    slot.holds.clear();
    this.context.quietly(() => this.context.released());
    child.stdin?.destroy();
    this.tellPids();
    const quick = !slot.listened || performance.now() - slot.startedAt < QUICK_MILLIS;
    slot.crashes = quick ? slot.crashes + 1 : 0;
    slot.waiting = true;
    const timer = setTimeout(
      () => this.context.quietly(() => this.replace(slot, child.pid, code, signal)),
      RESTART_MILLIS * Math.max(1, slot.crashes),
    );
    timer.unref();
  }

  /** A moment after the end: by then it shows whether peer 0 is ending too. */
  private replace(slot: Slot, pid: number | undefined, code: number | null, signal: string | null): void {
    slot.waiting = false;
    if (this.context.ending()) return;
    const how =
      signal !== null
        ? `was ended by ${signal}`
        : code === null
          ? "could not be started"
          : `ended with code ${code}`;
    if (slot.crashes >= CRASHES) {
      if (this.toldCrashLoop) return;
      this.toldCrashLoop = true;
      this.context.notice({
        code: "crash-loop",
        severity: "error",
        text: `Worker ${slot.peer} ${how} ${CRASHES} times right after its start and is not started again; the server runs with fewer workers. See the server's own output for the reason.`,
      });
      return;
    }
    // The first crash at a start is told, the others end in the one message above.
    const tell = slot.crashes === 0 ? this.exitNotices++ < MAX_EXIT_NOTICES : !this.toldCrashAtStart;
    if (slot.crashes > 0) this.toldCrashAtStart = true;
    if (tell) {
      this.context.notice({
        code: "peer-exit",
        severity: "warning",
        text: `Worker ${slot.peer} (process ${pid ?? "unknown"}) ${how}; another takes its place.`,
      });
    }
    this.spawn(slot);
  }

  private tellPids(): void {
    this.context.changed(this.slots.flatMap(({ child }) => child?.pid ?? []));
  }
}
