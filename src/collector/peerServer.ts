// Collector: listens for peers. Whoever has not said hello yet is a stranger, and of these there is a bounded number.

import { chmod } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { PeerConnection, type PeerEvents } from "./peerConnection.ts";

/** One more, and the one that has been here longest goes: strangers must not keep peers out. */
const MAX_STRANGERS = 256;
/** A server that compiles itself first (ts-node) connects and then says nothing until its loop turns. */
export const HELLO_DEADLINE_MS = 120_000;

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
    server.on("connection", (socket) => {
      const connection = new PeerConnection(socket, secret, helloDeadlineMs, {
        ...events,
        closed: (closed) => {
          peers.connections.delete(closed);
          events.closed(closed);
        },
      });
      peers.connections.add(connection);
      peers.boundStrangers();
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
    // Its folder is the owner's alone already.
    if (process.platform !== "win32") await chmod(path, 0o600);
    return peers;
  }

  private boundStrangers(): void {
    if (this.connections.size <= MAX_STRANGERS) return;
    const strangers = [...this.connections].filter(({ hello }) => hello === null);
    if (strangers.length > MAX_STRANGERS) strangers[0]?.refuse("too many others said nothing");
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
