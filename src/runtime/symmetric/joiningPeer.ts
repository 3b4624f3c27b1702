// Runtime, symmetric: a peer that peer 0 started. Its listens join the addresses that peer 0 really has, and it
// ends when peer 0 does.

import { closeSync, existsSync } from "node:fs";
import { type Channel, takeChannel } from "./hiddenChannel.ts";
import type { SymmetricContext } from "./install.ts";
import type { Role } from "./listenHook.ts";
import type { Entry, PeerState, ToPeer, Wanted } from "./messages.ts";
import { isDraining, PeerEnding } from "./peerEnding.ts";
import {
  addressOf,
  type Listen,
  type ListenArguments,
  type ListeningServer,
  type ServerHandle,
} from "./serverHandle.ts";
import { isSame, TriedAddresses } from "./triedAddresses.ts";

// Our own, taken before fake timers can replace them.
const { setTimeout, clearTimeout } = globalThis;

/** A listen that peer 0 does not have waits this long for it. */
const WAIT_MILLIS = 1_000;
const MAX_FORMER = 16;
/** A server that listened for so long was no port finder's. */
const SETTLED_MILLIS = 300;
interface Pending {
  readonly server: ListeningServer;
  readonly wanted: Wanted;
  readonly original: Listen;
  readonly args: ListenArguments;
  /** Differs from the server's when it was closed in the meantime. */
  readonly listeningId: number;
  /** The entry whose handle is on its way. */
  index: number | null;
  timer: NodeJS.Timeout | null;
}

export class JoiningPeer implements Role {
  private readonly entries = new Map<number, Entry>();
  private readonly inherited: Map<number, number>;
  private readonly claims = new Map<number, ListeningServer>();
  private readonly joinedAt = new WeakMap<ListeningServer, number>();
  /** Entries that were closed, here or at peer 0, and may come back as others. */
  private readonly former = new Map<number, Entry>();
  private readonly tried: TriedAddresses;
  private readonly pending = new Set<Pending>();
  /** Closed, their requests finish. */
  private readonly draining = new Set<ListeningServer>();
  private readonly channel: Channel | null;
  private readonly ending = new PeerEnding();

  constructor(
    private readonly context: SymmetricContext,
    private readonly state: PeerState,
  ) {
    for (const entry of state.entries) this.entries.set(entry.index, entry);
    this.inherited = new Map(state.descriptors);
    this.tried = new TriedAddresses(state.tried);
    this.channel = takeChannel(
      {
        message: (message, handle) => context.quietly(() => this.hear(message, handle)),
        closed: () => context.quietly(() => this.ending.orphaned(this.claims.values(), this.draining)),
      },
      state.ipc,
    );
  }

  listen(server: ListeningServer, wanted: Wanted, original: Listen, args: ListenArguments): boolean {
    const entry = this.match(wanted, false);
    const pending: Pending = {
      server,
      wanted,
      original,
      args,
      listeningId: server._listeningId,
      index: null,
      timer: null,
    };
    if (entry !== null) {
      this.join(entry, pending);
      return true;
    }
    // A free port that peer 0 does not have is this process's own affair; its caller may ask for the
    // address at once. So is a path that the code has made free again.
    if (wanted.kind === "pipe") this.tellUnixSocket(wanted);
    if (wanted.kind === "pipe" || this.channel === null || this.tried.has(wanted)) return false;
    const again = [...this.former.values()].some((other) => isSame(other.wanted, wanted));
    if (wanted.kind === "tcp" && wanted.port === 0 && !again) return false;
    if (wanted.kind === "tcp") {
      const taken = [...this.claims.keys()].some(
        (index) => this.entries.get(index)?.wanted.port === wanted.port,
      );
      if (taken) return false;
      pending.timer = setTimeout(() => this.giveUp(pending), WAIT_MILLIS);
    }
    this.wait(pending);
    return true;
  }

  brought(): void {}

  private tellUnixSocket(wanted: Wanted): void {
    const shared = [...this.entries.values()].some((entry) => entry.wanted.address === wanted.address);
    if (!shared || this.context.peer !== 1 || this.state.again) return;
    this.context.notice({
      code: "unix-socket",
      severity: "info",
      text: `The server removes the Unix socket ${wanted.address} before it listens on it: of several workers only the last one started serves it.`,
    });
  }

  closing(server: ListeningServer): void {
    for (const [index, other] of this.claims) {
      if (other !== server) continue;
      this.claims.delete(index);
      // Peer 0 is closing too, as a rule, and will listen elsewhere: not to be joined again at once.
      const entry = this.entries.get(index);
      if (entry !== undefined && performance.now() - (this.joinedAt.get(server) ?? 0) > SETTLED_MILLIS)
        this.former.set(index, entry);
      this.tellReleased(index);
      for (const old of [...this.draining]) if (!isDraining(old)) this.draining.delete(old);
      this.draining.add(server);
    }
    for (const pending of [...this.pending]) if (pending.server === server) this.forget(pending);
  }

  /** Not before the close that is under way here. */
  private tellReleased(index: number): void {
    process.nextTick(() => this.context.quietly(() => this.channel?.send({ type: "released", index })));
  }

  private wait(pending: Pending): void {
    this.pending.add(pending);
    this.channel?.hold(true);
  }

  private forget(pending: Pending): void {
    this.pending.delete(pending);
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (this.pending.size === 0) this.channel?.hold(false);
  }

  /** `anyPort`: also an address that the code asked for under another port, as after a search for a free one. */
  private match(wanted: Wanted, anyPort: boolean): Entry | null {
    const open = [...this.entries.values()].filter(
      (entry) =>
        entry.wanted.kind === wanted.kind &&
        !this.claims.has(entry.index) &&
        (anyPort || !this.former.has(entry.index)),
    );
    const samePort = open.filter((entry) => entry.wanted.port === wanted.port);
    const exact = samePort.find((entry) => entry.wanted.address === wanted.address);
    if (wanted.kind === "pipe") {
      const path = wanted.address ?? "";
      return exact !== undefined && (path.startsWith("\0") || existsSync(path)) ? exact : null;
    }
    if (exact !== undefined) return exact;
    if (samePort[0] !== undefined) return samePort[0];
    return anyPort && wanted.kind === "tcp" ? (open.find((entry) => entry.wanted.port !== 0) ?? null) : null;
  }

  private giveUp(pending: Pending, anyPort = true): void {
    this.forget(pending);
    if (pending.server._listeningId !== pending.listeningId) return;
    const entry = anyPort ? this.match(pending.wanted, true) : null;
    if (entry !== null) this.join(entry, pending);
    else Reflect.apply(pending.original, pending.server, pending.args);
  }

  private join(entry: Entry, pending: Pending): void {
    const { server, original, args } = pending;
    const backlog = args[3];
    this.claims.set(entry.index, server);
    this.former.delete(entry.index);
    if (entry.share === "reuse") {
      Reflect.apply(original, server, [
        entry.address,
        entry.port,
        entry.family,
        backlog,
        undefined,
        entry.flags,
      ]);
      this.joined(entry, server);
      return;
    }
    const fd = this.inherited.get(entry.index);
    if (fd !== undefined) {
      this.inherited.delete(entry.index);
      Reflect.apply(original, server, [null, null, null, backlog, fd, undefined]);
      this.joined(entry, server);
      return;
    }
    pending.index = entry.index;
    this.wait(pending);
    this.channel?.send({ type: "want", index: entry.index });
  }

  private joined(entry: Entry, server: ListeningServer): void {
    if (server._handle === null) {
      this.claims.delete(entry.index);
      return;
    }
    this.joinedAt.set(server, performance.now());
    server._connectionKey = `${entry.family}:${entry.address}:${entry.port}`;
    const real = addressOf(server._handle);
    this.context.quietly(() => {
      this.channel?.send({ type: "listening", index: entry.index });
      this.context.listening({
        port: entry.wanted.kind === "pipe" ? null : (real?.port ?? entry.port),
        address: real?.address ?? entry.address,
        topology: this.state.topology,
        workers: this.state.workers,
      });
    });
  }

  private hear(message: ToPeer, handle: ServerHandle | null): void {
    switch (message.type) {
      case "opened":
        this.entries.set(message.entry.index, message.entry);
        for (const pending of [...this.pending]) {
          const entry = pending.index === null ? this.match(pending.wanted, false) : null;
          if (entry === null) continue;
          this.forget(pending);
          if (pending.server._listeningId === pending.listeningId) this.join(entry, pending);
        }
        return;
      case "tried":
        this.tried.add(message.wanted);
        for (const pending of [...this.pending])
          if (pending.index === null && isSame(pending.wanted, message.wanted)) this.giveUp(pending, false);
        return;
      case "closing":
        this.closingAtFirst(message.index);
        return;
      case "handle":
        this.received(message.index, handle);
        return;
      case "closed":
        this.closed(message.index);
        return;
      case "signal":
        this.ending.signalled(message.signal);
        return;
      case "exit":
        this.ending.firstPeerExits(message.code);
        return;
    }
  }

  private received(index: number, handle: ServerHandle | null): void {
    const pending = [...this.pending].find((one) => one.index === index);
    if (pending === undefined || pending.server._listeningId !== pending.listeningId || handle === null) {
      handle?.close();
      return;
    }
    this.forget(pending);
    pending.server._handle = handle;
    Reflect.apply(pending.original, pending.server, [null, -1, -1, pending.args[3], undefined, undefined]);
    const entry = this.entries.get(index);
    if (entry !== undefined) this.joined(entry, pending.server);
  }

  private closingAtFirst(index: number): void {
    const entry = this.entries.get(index);
    this.entries.delete(index);
    if (entry === undefined) return;
    if (this.former.size >= MAX_FORMER) this.former.clear();
    this.former.set(index, entry);
    const fd = this.inherited.get(index);
    if (fd !== undefined) {
      this.inherited.delete(index);
      closeSync(fd);
      this.tellReleased(index);
    }
  }

  private closed(index: number): void {
    this.closingAtFirst(index);
    for (const pending of this.pending) {
      if (pending.index !== index) continue;
      // Peer 0 may listen anew.
      this.claims.delete(index);
      pending.index = null;
      pending.timer = setTimeout(() => this.giveUp(pending), WAIT_MILLIS);
    }
    if (this.ending.isStopping) return;
    const server = this.claims.get(index);
    if (server?._handle) server.close();
  }
}
