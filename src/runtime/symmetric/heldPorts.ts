// Runtime, symmetric: a server that closes and listens again at once finds its port in use, by peers that have not
// closed yet. Peer 0's listen waits until they have.

import type { Entry, Wanted } from "./messages.ts";
import type { Listen, ListenArguments, ListeningServer } from "./serverHandle.ts";

// Our own, taken before fake timers can replace them.
const { setInterval, clearInterval } = globalThis;

const MAX_CLOSED = 16;
/**
 * Peers are told to close after a quarter of a second; one that is blocked for so long can't, and then the port is in use. Long:
 * before it is over, a listen could only fail.
 */
const WAIT_MILLIS = 10_000;
/**
 * So long after a close, whoever has the port may be a peer that came back to it and has not been heard of yet; one that is not
 * heard of by then is somebody else.
 */
const UNHEARD_MILLIS = 1_500;
const LOOK_MILLIS = 50;

export interface Delayed {
  readonly server: ListeningServer;
  readonly wanted: Wanted;
  readonly original: Listen;
  readonly args: ListenArguments;
}

interface Waiting extends Delayed {
  readonly listeningId: number;
  readonly since: number;
  /** When a peer was known to have the port, at last. */
  heldAt: number;
  readonly timer: NodeJS.Timeout;
}

export class HeldPorts {
  private readonly closed: { readonly entry: Entry; readonly at: number }[] = [];
  private readonly waiting = new Set<Waiting>();

  /**
   * @param held whether a peer has the entry with this index
   * @param free whether the address can be had now: a peer may have taken it again meanwhile
   */
  constructor(
    private readonly held: (index: number) => boolean,
    private readonly free: (delayed: Delayed) => boolean,
    private readonly listen: (delayed: Delayed, free: boolean) => void,
  ) {}

  /** Peer 0 has closed it. */
  add(entry: Entry): void {
    if (entry.wanted.kind !== "tcp") return;
    if (this.closed.length >= MAX_CLOSED) this.closed.shift();
    this.closed.push({ entry, at: performance.now() });
  }

  /** True: it listens, now or later. */
  takes(delayed: Delayed): boolean {
    const holder = this.holderOf(delayed.wanted);
    if (holder === "none") return false;
    if (holder === "unheard" && this.free(delayed)) {
      this.listen(delayed, true);
      return true;
    }
    const timer = setInterval(() => this.look(waiting), LOOK_MILLIS);
    const { _listeningId: listeningId } = delayed.server;
    const since = performance.now();
    const waiting: Waiting = { ...delayed, listeningId, since, heldAt: since, timer };
    this.waiting.add(waiting);
    return true;
  }

  /** A peer has let go of something. */
  released(): void {
    for (const waiting of [...this.waiting]) this.look(waiting);
  }

  /** Whether a listen on this port waits. */
  awaits(port: number): boolean {
    return [...this.waiting].some(({ wanted }) => wanted.port === port);
  }

  /** The server is closed before it could listen. */
  forget(server: ListeningServer): void {
    for (const waiting of [...this.waiting]) if (waiting.server === server) this.take(waiting);
  }

  /** Who may have it of what peer 0 closed; `unheard`: nobody, as far as peers have told. */
  private holderOf({ kind, port }: Wanted): "peer" | "unheard" | "none" {
    if (kind !== "tcp" || port === 0) return "none";
    const now = performance.now();
    let holder: "unheard" | "none" = "none";
    for (let at = this.closed.length - 1; at >= 0; at--) {
      const { entry, at: closedAt } = this.closed[at] as HeldPorts["closed"][number];
      const held = this.held(entry.index);
      if (!held && now - closedAt > UNHEARD_MILLIS) this.closed.splice(at, 1);
      else if (entry.port !== port) continue;
      else if (held) return "peer";
      else holder = "unheard";
    }
    return holder;
  }

  private look(waiting: Waiting): void {
    const now = performance.now();
    const held = this.holderOf(waiting.wanted) === "peer";
    if (held) waiting.heldAt = now;
    const free = !held && this.free(waiting);
    const over = held ? now - waiting.since > WAIT_MILLIS : now - waiting.heldAt > UNHEARD_MILLIS;
    if (!over && !free) return;
    this.take(waiting);
    const { server, listeningId } = waiting;
    if (server._listeningId === listeningId && server._handle === null) this.listen(waiting, free);
  }

  private take(waiting: Waiting): void {
    clearInterval(waiting.timer);
    this.waiting.delete(waiting);
  }
}
