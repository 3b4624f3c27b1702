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

export class Peers {
  private readonly byConnection = new Map<PeerConnection, Peer>();

  get size(): number {
    return this.byConnection.size;
  }

  /** Connected now, in the order they came. */
  get all(): readonly Peer[] {
    return [...this.byConnection.values()];
  }

  get listening(): readonly (Peer & { listening: ListeningMessage })[] {
    return this.all.filter((peer): peer is Peer & { listening: ListeningMessage } => peer.listening !== null);
  }

  /** Peer 0 where it has a port; else whoever listens, be it on a Unix socket. */
  get server(): (Peer & { listening: ListeningMessage }) | null {
    const { listening } = this;
    const first = listening.find((peer) => peer.hello.peer === 0 && peer.listening.port !== null);
    return first ?? listening[0] ?? null;
  }

  /** The main thread of peer 0: the one that listens, else the first that came. */
  get serverPid(): number | null {
    const mains = this.all.filter(({ hello }) => hello.peer === 0 && hello.threadId === 0);
    return (mains.find((peer) => peer.listening !== null) ?? mains[0])?.hello.pid ?? null;
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
}
