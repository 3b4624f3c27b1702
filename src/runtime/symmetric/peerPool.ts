// Runtime, symmetric: the peers that peer 0 started: starts them, starts them again when they end
// unexpectedly, gives up after a crash loop, and tells them what happens at peer 0.

import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { NoticeMessage } from "../../protocol/wire.ts";
import { Dealer } from "./dealer.ts";
import type { GivenState } from "./givenState.ts";
import type { Ended, Member } from "./member.ts";
import type { FromPeer, PeerState, ToPeer } from "./messages.ts";
import { FIRST_HANDLE_FD, startProcess } from "./processMember.ts";
import type { Rerun } from "./rerun.ts";
import type { ServerHandle } from "./serverHandle.ts";
import { startThread } from "./threadMember.ts";

const { setTimeout } = globalThis;

/** A peer that ends sooner than this after its start, or before it listens, has crashed at start. */
const QUICK_MILLIS = 2_000;
const CRASHES = 3;
const RESTART_MILLIS = 200;
const MAX_EXIT_NOTICES = 20;

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
  member: Member | null;
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

  /** Of the topology rr. */
  readonly dealer: Dealer;

  constructor(private readonly context: PoolContext) {
    const targets = (index: number) =>
      this.slots.flatMap(({ member, holds }) => (member !== null && holds.has(index) ? member : []));
    this.dealer = new Dealer(targets, context.quietly);
  }

  start(workers: number): void {
    for (let peer = 1; peer < workers; peer++) {
      const slot: Slot = {
        peer,
        member: null,
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
      if (slot.member === null && !slot.waiting && slot.crashes < CRASHES) this.spawn(slot);
    }
  }

  /** Whether a peer has the address of this entry. */
  holds(index: number): boolean {
    return this.slots.some((slot) => slot.holds.has(index));
  }

  broadcast(message: ToPeer): void {
    for (const { member } of this.slots) member?.send(message, null);
  }

  signal(name: NodeJS.Signals): void {
    this.broadcast({ type: "signal", signal: name });
    for (const { member } of this.slots) member?.signal(name);
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
      slot.startedAt = performance.now();
      slot.listened = false;
      for (const [index] of given.handles) slot.holds.add(index);
      // A process or a thread that can't be had throws (no memory, options that threads refuse).
      try {
        const start = {
          rerun,
          peer: slot.peer,
          state,
          descriptors: given.handles.map(([, fd]) => fd),
          events: {
            message: (message: FromPeer) => this.context.quietly(() => this.hear(slot, member, message)),
            ended: (ended: Ended) => this.context.quietly(() => this.ended(slot, member, ended)),
          },
        };
        const member: Member = state.topology === "threads" ? startThread(start) : startProcess(start);
        slot.member = member;
      } catch {
        slot.holds.clear();
        slot.crashes++;
        this.again(slot, null, { code: null, signal: null, error: null });
      }
      this.tellPids();
    });
  }

  private hear(slot: Slot, member: Member, message: FromPeer): void {
    if (message.type === "listening") {
      slot.listened = true;
      slot.holds.add(message.index);
    } else if (message.type === "released") {
      slot.holds.delete(message.index);
      this.context.released();
    } else if (message.type === "took") {
      this.dealer.took(message.id, message.ok, member);
    } else if (message.type === "want") {
      const handle = this.context.handle(message.index);
      if (handle === null) member.send({ type: "closed", index: message.index, again: true }, null);
      else {
        // On its way it keeps the port in use as well.
        slot.holds.add(message.index);
        member.send({ type: "handle", index: message.index }, handle);
      }
    }
  }

  private ended(slot: Slot, member: Member, ended: Ended): void {
    if (slot.member !== member) return;
    slot.member = null;
    slot.holds.clear();
    this.dealer.lost(member);
    this.context.released();
    member.dispose();
    this.tellPids();
    const quick = !slot.listened || performance.now() - slot.startedAt < QUICK_MILLIS;
    slot.crashes = quick ? slot.crashes + 1 : 0;
    this.again(slot, member.pid, ended);
  }

  private again(slot: Slot, pid: number | null, ended: Ended): void {
    slot.waiting = true;
    const timer = setTimeout(
      () => this.context.quietly(() => this.replace(slot, pid, ended)),
      RESTART_MILLIS * Math.max(1, slot.crashes),
    );
    timer.unref();
  }

  /** A moment after the end: by then it shows whether peer 0 is ending too. */
  private replace(slot: Slot, pid: number | null, { code, signal, error }: Ended): void {
    slot.waiting = false;
    if (this.context.ending()) return;
    const how =
      signal !== null
        ? fill(NOTICES.bySignal, signal)
        : error !== null
          ? fill(NOTICES.byError, error)
          : code === null
            ? NOTICES.notStartable
            : fill(NOTICES.byCode, code);
    if (slot.crashes >= CRASHES) {
      if (this.toldCrashLoop) return;
      this.toldCrashLoop = true;
      this.context.notice({
        code: "crash-loop",
        severity: "error",
        text: fill(NOTICES.crashLoop, slot.peer, CRASHES, how),
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
        text: fill(
          NOTICES.workerEnded,
          slot.peer,
          pid === null ? NOTICES.aThread : fill(NOTICES.aProcess, pid),
          how,
        ),
      });
    }
    this.spawn(slot);
  }

  private tellPids(): void {
    try {
      this.context.changed(this.slots.flatMap(({ member }) => member?.pid ?? []));
    } catch {
      // Whoever watches over them could not be started: peers end with peer 0's channel all the same.
    }
  }
}
