// Collector: listens for peers, a bounded number of them.

import { createServer, type Server } from "node:net";
import { PeerConnection, type PeerEvents } from "./peerConnection.ts";

const MAX_CONNECTIONS = 512;
export const HELLO_DEADLINE_MS = 5_000;

export class PeerServer {
  readonly connections = new Set<PeerConnection>();

  private constructor(private readonly server: Server) {}

  static async listen(
    path: string,
    secret: string,
    events: PeerEvents,
    helloDeadlineMs = HELLO_DEADLINE_MS,
  ): Promise<PeerServer> {
    const server = createServer();
    const peers = new PeerServer(server);
    server.maxConnections = MAX_CONNECTIONS;
    server.on("connection", (socket) => {
      const connection = new PeerConnection(socket, secret, helloDeadlineMs, {
        ...events,
        closed: (closed) => {
          peers.connections.delete(closed);
          events.closed(closed);
        },
      });
      peers.connections.add(connection);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        server.removeListener("error", reject);
        // Out of descriptors or so: the peers that are connected stay.
        server.on("error", () => undefined);
        resolve();
      });
    });
    return peers;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.connections) connection.end();
    const forced = setTimeout(() => {
      for (const connection of this.connections) connection.destroy();
    }, 500);
    await closed;
    clearTimeout(forced);
  }
}
