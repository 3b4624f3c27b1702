// Runtime, symmetric: a peer that peer 0 started. Its listens join the addresses that peer 0 really has, and it
// ends when peer 0 does.

import { closeSync } from "node:fs";
import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { NoticeMessage } from "../../protocol/wire.ts";
import { DealtHandles } from "./dealtHandle.ts";
import { type Channel, type ChannelEvents, takeChannel } from "./hiddenChannel.ts";
import type { SymmetricContext } from "./install.ts";
import { KnownEntries } from "./knownEntries.ts";
import type { Role } from "./listenHook.ts";
import type { Entry, FromPeer, PeerState, ToPeer, Wanted } from "./messages.ts";
import { isDraining, PeerEnding } from "./peerEnding.ts";
import { movedListen, type Pending, pendingListen } from "./pendingListen.ts";
import {
  addressOf,
  type Listen,
  type ListenArguments,
  type ListeningServer,
  type ServerHandle,
  spokenTo,
} from "./serverHandle.ts";
import { takeThread } from "./threadGuise.ts";
import { isSame } from "./triedAddresses.ts";

// Our own, taken before fake timers can replace them.
const { setTimeout, clearTimeout } = globalThis;
const nextTick = process.nextTick.bind(process);

/** A listen that peer 0 does not have waits this long for it. */
const WAIT_MILLIS = 1_000;
/** One that peer 0 is about to have again: who gave up sooner would take its port away. */
const AGAIN_MILLIS = 10_000;

export class JoiningPeer implements Role {
  private readonly known: KnownEntries;
  private readonly inherited: Map<number, number>;
  private readonly dealt = new DealtHandles(
    (more) => this.hold(more),
    (message) => this.channel?.send(message),
  );
  private readonly claims = new Map<number, Pending>();
  private readonly pending = new Set<Pending>();
  /** Closed, their requests finish. */
  private readonly draining = new Set<ListeningServer>();
  private readonly channel: Channel | null;
  private readonly ending = new PeerEnding();

  constructor(
    private readonly context: SymmetricContext,
    private readonly state: PeerState,
  ) {
    this.known = new KnownEntries(state.entries, state.tried);
    this.inherited = new Map(state.descriptors);
    const events: ChannelEvents = {
      message: (message, handle) => context.quietly(() => this.hear(message, handle)),
      closed: () => context.quietly(() => this.ending.orphaned(this.servers(), this.draining)),
    };
    const notice = (message: Omit<NoticeMessage, "type">) => {
      if (context.peer === 1 && !state.again) context.notice(message);
    };
    this.channel = takeThread(events, notice) ?? takeChannel(events, state.ipc);
  }

  listen(server: ListeningServer, wanted: Wanted, original: Listen, args: ListenArguments): boolean {
    const entry = this.match(wanted, false);
    const pending = pendingListen(server, wanted, original, args);
    if (entry !== null) {
      this.join(entry, pending);
      return true;
    }
    // A free port that peer 0 does not have is this process's own affair; its caller may ask for the
    // address at once. So is a path that the code has made free again.
    if (wanted.kind === "pipe") this.tellUnixSocket(wanted);
    if (wanted.kind === "pipe" || this.channel === null || this.known.tried.has(wanted)) return false;
    if (wanted.kind === "tcp" && wanted.port === 0 && !this.known.wasClosed(wanted)) return false;
    if (wanted.kind === "tcp") {
      const taken = [...this.claims.keys()].some(
        (index) => this.known.get(index)?.wanted.port === wanted.port,
      );
      if (taken) return false;
      pending.timer = setTimeout(() => this.giveUp(pending), WAIT_MILLIS);
    }
    this.wait(pending);
    return true;
  }

  brought(): void {}

  private tellUnixSocket(wanted: Wanted): void {
    if (!this.known.hasAddress(wanted.address) || this.context.peer !== 1 || this.state.again) return;
    this.context.notice({
      code: "unix-socket",
      severity: "info",
      text: fill(NOTICES.removedSocket, wanted.address ?? ""),
    });
  }

  closing(server: ListeningServer): void {
    for (const [index, { server: other }] of this.claims) {
      if (other !== server) continue;
      this.claims.delete(index);
      // A handle that was asked for is let go of when it comes.
      const asked = [...this.pending].some((one) => one.server === server && one.index === index);
      if (!asked) this.tellReleased(index);
      for (const old of [...this.draining]) if (!isDraining(old)) this.draining.delete(old);
      this.draining.add(server);
    }
    for (const pending of [...this.pending]) if (pending.server === server) this.forget(pending);
  }

  private tellReleased(index: number): void {
    this.tellSoon({ type: "released", index });
  }

  /** Not before the close that is under way here, and in order. */
  private tellSoon(message: FromPeer): void {
    nextTick(() => this.context.quietly(() => this.channel?.send(message)));
  }

  private wait(pending: Pending): void {
    this.pending.add(pending);
    this.hold(1);
  }

  private forget(pending: Pending): void {
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (this.pending.delete(pending)) this.hold(-1);
  }

  private holds = 0;
  private hold(more: 1 | -1): void {
    this.holds += more;
    this.channel?.hold(this.holds > 0);
  }

  private match(wanted: Wanted, anyPort: boolean): Entry | null {
    return this.known.match(wanted, (index) => this.claims.has(index), anyPort);
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
    this.claims.set(entry.index, pending);
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
    if (entry.share === "dealt") {
      this.joinWith(this.dealt.open(entry), entry, pending);
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
    this.tellSoon({ type: "want", index: entry.index });
  }

  private joined(entry: Entry, server: ListeningServer): void {
    if (server._handle === null) {
      this.claims.delete(entry.index);
      return;
    }
    server._connectionKey = `${entry.family}:${entry.address}:${entry.port}`;
    const real = addressOf(server._handle);
    this.context.quietly(() => {
      this.channel?.send({ type: "listening", index: entry.index });
      this.context.listening({
        port: entry.wanted.kind === "pipe" ? null : (real?.port ?? entry.port),
        address: real?.address ?? entry.address,
        topology: this.state.topology,
        workers: this.state.workers,
        ...spokenTo(server),
      });
    });
  }

  private hear(message: ToPeer, handle: ServerHandle | null): void {
    switch (message.type) {
      case "opened":
        this.known.open(message.entry);
        for (const pending of [...this.pending]) {
          const entry = pending.index === null ? this.match(pending.wanted, false) : null;
          if (entry === null) continue;
          this.forget(pending);
          if (pending.server._listeningId === pending.listeningId) this.join(entry, pending);
        }
        return;
      case "tried":
        this.known.tried.add(message.wanted);
        for (const pending of [...this.pending])
          if (pending.index === null && isSame(pending.wanted, message.wanted)) this.giveUp(pending, false);
        return;
      case "closing":
        this.closingAtFirst(message.index);
        return;
      case "handle":
        this.received(message.index, handle);
        return;
      case "connection":
        this.dealt.take(message.index, message.id, handle);
        return;
      case "closed":
        this.closed(message.index, message.again);
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
      if (handle !== null && !this.claims.has(index)) this.tellReleased(index);
      return;
    }
    this.forget(pending);
    const entry = this.known.get(index);
    if (entry !== undefined) this.joinWith(handle, entry, pending);
  }

  private joinWith(handle: ServerHandle, entry: Entry, { server, original, args }: Pending): void {
    server._handle = handle;
    Reflect.apply(original, server, [null, -1, -1, args[3], undefined, undefined]);
    this.joined(entry, server);
  }

  /** It came to listen on the address before peer 0 closed it: it goes along, unseen by the user's code. */
  private move(index: number, claim: Pending): void {
    const { server, wanted } = claim;
    this.claims.delete(index);
    server._handle?.close();
    server._handle = null;
    this.tellReleased(index);
    const pending = movedListen(claim);
    const entry = this.match(wanted, false);
    if (entry !== null) {
      this.join(entry, pending);
      return;
    }
    pending.timer = setTimeout(() => this.giveUp(pending), AGAIN_MILLIS);
    this.wait(pending);
  }

  private closingAtFirst(index: number): void {
    if (!this.known.close(index)) return;
    const fd = this.inherited.get(index);
    if (fd !== undefined) {
      this.inherited.delete(index);
      closeSync(fd);
      this.tellReleased(index);
    }
  }

  private servers(): ListeningServer[] {
    return [...this.claims.values()].map(({ server }) => server);
  }

  private closed(index: number, again: boolean): void {
    this.closingAtFirst(index);
    for (const pending of this.pending) {
      if (pending.index !== index) continue;
      // Peer 0 listens anew, or may.
      this.claims.delete(index);
      pending.index = null;
      pending.timer = setTimeout(() => this.giveUp(pending), again ? AGAIN_MILLIS : WAIT_MILLIS);
    }
    if (this.ending.isStopping) return;
    const claim = this.claims.get(index);
    if (claim === undefined || claim.server._handle === null) return;
    if (again) this.move(index, claim);
    else claim.server.close();
  }
}
