// Runtime: TCP connections that servers of this process hold open. Servers are known by their first
// connection; how many they hold each counts itself, so that no listener of ours stands on a user's socket.

import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Published for every accepted connection of every `net.Server`. */
const ACCEPTED = "net.server.socket";

interface CountingServer {
  readonly listening: boolean;
  /** Not documented, but what `getConnections` answers with; that one is asynchronous. */
  readonly _connections?: unknown;
}

export class OpenConnections {
  private readonly servers = new Set<WeakRef<CountingServer>>();
  private known = new WeakSet<CountingServer>();
  private accepted = 0;
  private readonly onAccepted = (message: unknown) => {
    this.accepted++;
    const server = (message as { socket?: { server?: CountingServer } }).socket?.server;
    if (typeof server !== "object" || server === null || this.known.has(server)) return;
    this.known.add(server);
    this.servers.add(new WeakRef(server));
  };

  start(): void {
    subscribe(ACCEPTED, this.onAccepted);
  }

  count(): number {
    let open = 0;
    for (const reference of this.servers) {
      const server = reference.deref();
      const connections = Number(server?._connections ?? 0) || 0;
      open += connections;
      if (server === undefined || (!server.listening && connections === 0)) {
        this.servers.delete(reference);
        if (server !== undefined) this.known.delete(server);
      }
    }
    return open;
  }

  /** Since the last call. */
  takeAccepted(): number {
    const { accepted } = this;
    this.accepted = 0;
    return accepted;
  }

  stop(): void {
    unsubscribe(ACCEPTED, this.onAccepted);
    this.servers.clear();
    this.known = new WeakSet();
  }
}
