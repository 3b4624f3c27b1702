// Collector: the measured threads that are connected, and what they say together: who the server is and where it
// listens.

import type { HelloMessage, ListeningMessage } from "../protocol/wire.ts";
import type { PeerClock } from "./peerClock.ts";
import type { PeerConnection } from "./peerConnection.ts";

export interface Peer {
  /** Of the worker, in the profile. */
  readonly index: number;
  readonly hello: HelloMessage;
  readonly connection: PeerConnection;
  readonly clock: PeerClock;
  listening: ListeningMessage | null;
  /** All that it has listened on, the first one too. */
  readonly ports: Set<number>;
  /** Microseconds since the epoch, end of its newest window. */
  measuredTo: number;
  /** It was asked for a window that ends after this; null: it owes none. */
  owesSince: number | null;
}

type ListeningPeer = Peer & { listening: ListeningMessage };

export class Peers {
  private readonly byConnection = new Map<PeerConnection, Peer>();

  get size(): number {
    return this.byConnection.size;
  }

  /** Connected now, in the order they came. */
  get all(): readonly Peer[] {
    return [...this.byConnection.values()];
  }

  get listening(): readonly ListeningPeer[] {
    return this.all.filter((peer): peer is ListeningPeer => peer.listening !== null);
  }

  /**
   * Peer 0 where it has a port; else whoever listens, be it on a Unix socket. Of several, one that none of the others has
   * started (a gateway, not its services), and of these the one that has the workers.
   */
  get server(): ListeningPeer | null {
    const { listening } = this;
    const firsts = listening.filter(({ hello, listening: { port } }) => hello.peer === 0 && port !== null);
    const outer = firsts.length > 1 ? firsts.filter((peer) => !this.isStartedBy(peer, firsts)) : firsts;
    return outer.find((peer) => peer.listening.workers > 1) ?? outer[0] ?? firsts[0] ?? listening[0] ?? null;
  }

  /** Threads that listen where the server does: itself, and its workers. */
  get ofServer(): number {
    const { server, listening } = this;
    if (server === null) return 0;
    const { port, address } = server.listening;
    return listening.filter((peer) =>
      port === null ? peer.listening.address === address : peer.ports.has(port),
    ).length;
  }

  /** On which the program listens beside the server's first port. */
  get otherPorts(): number[] {
    const port = this.server?.listening.port;
    const firsts = this.listening.filter(({ hello }) => hello.peer === 0);
    return [...new Set(firsts.flatMap(({ ports }) => [...ports]))].filter((other) => other !== port);
  }

  /** The main thread of peer 0: the one that listens, else the first that came. */
  get serverPid(): number | null {
    const mains = this.all.filter(({ hello }) => hello.peer === 0 && hello.threadId === 0);
    return (
      (
        mains.find((peer) => peer === this.server) ??
        mains.find((peer) => peer.listening !== null) ??
        mains[0]
      )?.hello.pid ?? null
    );
  }

  /** Its main thread, while it is connected. */
  processOf(pid: number): Peer | null {
    return this.all.find(({ hello }) => hello.pid === pid && hello.threadId === 0) ?? null;
  }

  of(connection: PeerConnection): Peer | undefined {
    return this.byConnection.get(connection);
  }

  add(peer: Peer): void {
    this.byConnection.set(peer.connection, peer);
  }

  remove(connection: PeerConnection): void {
    this.byConnection.delete(connection);
  }

  private isStartedBy(peer: Peer, others: readonly Peer[]): boolean {
    const seen = new Set([peer]);
    for (let parent = this.processOf(peer.hello.parentPid); parent !== null; ) {
      if (seen.has(parent)) return false;
      if (others.includes(parent)) return true;
      seen.add(parent);
      parent = this.processOf(parent.hello.parentPid);
    }
    return false;
  }
}
