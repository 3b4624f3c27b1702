// Runtime: bytes that sockets and pipes have moved. They count themselves; each is looked at when a window is cut, so that
// nothing is done when data comes or goes.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { Patches } from "../../patch.ts";
import type { Meter } from "../../sampling/meter.ts";

/** Published for every accepted connection of every `net.Server`. */
const ACCEPTED = "net.server.socket";
/** More open ones at a time are not told apart: of those beyond nothing is known. */
const MAX_SOCKETS = 20_000;

interface Counting {
  readonly destroyed: boolean;
  readonly bytesRead?: number;
  readonly _bytesDispatched?: number;
}
interface Seen {
  received: number;
  sent: number;
}

export class NetworkBytes {
  private readonly sockets = new Map<Counting, Seen>();
  private readonly patches = new Patches();
  private active = true;
  private readonly onAccepted = (message: unknown) => {
    const { socket } = message as { socket?: Counting };
    if (socket !== undefined) this.add(socket);
  };

  start(meter: Meter): void {
    subscribe(ACCEPTED, this.onAccepted);
    const network = this;
    this.patches.replace(Socket.prototype, ["connect"], (original) => {
      return function connect(this: Counting): unknown {
        if (network.active && !meter.ours) network.add(this);
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  /** Since the last call. Closed ones are looked at a last time: until then they are kept. */
  take(): { received: number; sent: number } {
    const sums = { received: 0, sent: 0 };
    for (const [socket, seen] of this.sockets) {
      const { bytesRead = 0, _bytesDispatched = 0 } = socket;
      // A socket that is connected anew counts from 0 again.
      sums.received += bytesRead >= seen.received ? bytesRead - seen.received : bytesRead;
      sums.sent += _bytesDispatched >= seen.sent ? _bytesDispatched - seen.sent : _bytesDispatched;
      seen.received = bytesRead;
      seen.sent = _bytesDispatched;
      if (socket.destroyed) this.sockets.delete(socket);
    }
    return sums;
  }

  stop(): void {
    this.active = false;
    unsubscribe(ACCEPTED, this.onAccepted);
    this.patches.restore();
    this.sockets.clear();
  }

  private add(socket: Counting): void {
    if (this.sockets.size < MAX_SOCKETS && !this.sockets.has(socket))
      this.sockets.set(socket, { received: 0, sent: 0 });
  }
}
