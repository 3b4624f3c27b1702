// Runtime: bytes that sockets and pipes have moved. They count themselves; each is looked at when a window is cut, so that
// nothing is done when data comes or goes.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { types } from "node:util";
import { Patches } from "../../patch.ts";
import type { Meter } from "../../sampling/meter.ts";

/** Published for every accepted connection of every `net.Server`. */
const ACCEPTED = "net.server.socket";
/** More open ones at a time are not told apart: of those beyond nothing is known. */
const MAX_SOCKETS = 20_000;
/** After fewer new ones, closed ones are not looked for before a window is cut. */
const FEW_SOCKETS = 64;

interface Counting {
  readonly destroyed: boolean;
  readonly bytesRead?: number;
  readonly _bytesDispatched?: number;
}
interface Sums {
  received: number;
  sent: number;
}
interface Seen extends Sums {
  readonly socket: Counting;
}

export class NetworkBytes {
  /** Open ones, and closed ones until they are looked at. Not a `Map`: see `underway.ts`. */
  private sockets: Seen[] = [];
  private known = new WeakSet<Counting>();
  private readonly patches = new Patches();
  /** Of closed ones that are kept no more. */
  private closed = { received: 0, sent: 0 };
  /** After so many more, closed ones are dropped: a rest has no windows, and their memory is the server's. */
  private untilSweep = FEW_SOCKETS;
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
        if (network.active && !meter.ours && isSocket(this)) network.add(this);
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  /** Since the last call. */
  take(): { received: number; sent: number } {
    const sums = this.closed;
    this.closed = { received: 0, sent: 0 };
    for (const seen of this.sockets) count(seen, sums);
    this.keepOpen();
    return sums;
  }

  stop(): void {
    this.active = false;
    unsubscribe(ACCEPTED, this.onAccepted);
    this.patches.restore();
    this.sockets = [];
    this.known = new WeakSet();
  }

  private dropClosed(): void {
    for (const seen of this.sockets) if (seen.socket.destroyed) count(seen, this.closed);
    this.keepOpen();
  }

  /** The next look is after as many as are open: so each new one pays for a look at one or two. */
  private keepOpen(): void {
    this.sockets = this.sockets.filter(({ socket }) => {
      if (!socket.destroyed) return true;
      this.known.delete(socket);
      return false;
    });
    this.untilSweep = Math.max(FEW_SOCKETS, this.sockets.length);
  }

  private add(socket: Counting): void {
    if (--this.untilSweep < 0) this.dropClosed();
    if (this.sockets.length >= MAX_SOCKETS || this.known.has(socket)) return;
    this.known.add(socket);
    this.sockets.push({ socket, received: 0, sent: 0 });
  }
}

/** As far as can be told without asking anything of it. */
function isSocket(value: unknown): boolean {
  return typeof value === "object" && value !== null && !types.isProxy(value);
}

/** What a socket has moved since it was seen last. One that is connected anew counts from 0 again. */
function count(seen: Seen, sums: Sums): void {
  const { bytesRead = 0, _bytesDispatched = 0 } = seen.socket;
  sums.received += bytesRead >= seen.received ? bytesRead - seen.received : bytesRead;
  sums.sent += _bytesDispatched >= seen.sent ? _bytesDispatched - seen.sent : _bytesDispatched;
  seen.received = bytesRead;
  seen.sent = _bytesDispatched;
}
