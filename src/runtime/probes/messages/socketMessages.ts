// Runtime: what servers are asked for over connections that carry no HTTP: messages of WebSockets, and of other protocols,
// whose messages nobody but the server knows, the pieces in which they are read. All come by the socket's own `push`, which
// Node calls for neither HTTP/1 nor HTTP/2.

import { Socket } from "node:net";
import { Readable } from "node:stream";
import { types } from "node:util";
import { disguise } from "../../patch.ts";
import type { ProbeContext } from "../probe.ts";
import { Connection, plainOf, type Source } from "./connection.ts";
import type { WebSocketFrames } from "./webSocketFrames.ts";

/** Of an accepted connection. */
interface Accepted {
  /** An object while it carries HTTP, null after an upgrade, left out where it never has. */
  readonly parser?: object | null;
}

export class SocketMessages {
  private active = true;
  private readonly undo: () => void;

  /**
   * Not taken away in a rest: where a message ends is known from all that came before it.
   * @param came so many of a source's messages; fewer than none: so many were none
   */
  constructor(
    private readonly probe: Pick<ProbeContext, "faults" | "meter">,
    private readonly owner: string,
    private readonly came: (source: Source, count: number) => void,
  ) {
    const messages = this;
    const { push } = {
      // Whatever stands there when it is called, as without us.
      push(this: unknown, bytes: unknown): unknown {
        if (messages.active && types.isUint8Array(bytes)) messages.look(this as object, bytes);
        return Reflect.apply(Readable.prototype.push, this, arguments) as unknown;
      },
    };
    disguise(push, Readable.prototype.push);
    this.undo = standInFor((socket) => (this.counts(socket) ? push : Readable.prototype.push));
  }

  stop(): void {
    this.active = false;
    this.undo();
  }

  /** Whether a socket carries what is counted here. */
  private counts(socket: unknown): boolean {
    if (!this.active || typeof socket !== "object" || socket === null) return false;
    try {
      if (!Connection.isAccepted(socket)) return false;
      const { parser } = socket as Accepted;
      return parser === null || parser === undefined;
    } catch (error) {
      this.probe.faults.add(this.owner, error);
      return false;
    }
  }

  /** Before the user's code gets them. */
  private look(socket: object, bytes: Uint8Array): void {
    const { meter, faults } = this.probe;
    meter.quiet++;
    try {
      if (!this.counts(socket) || bytes.length === 0) return;
      const { messages, reads } = Connection.sourcesOf(socket);
      if ((socket as Accepted).parser === null) {
        const frames = Connection.framesOf(socket) ?? this.upgraded(socket);
        const ended = frames.take(bytes);
        if (ended > 0) this.came(messages, ended);
        if (!frames.broken) return;
      } else Connection.addRead(socket);
      this.came(reads, 1);
    } catch (error) {
      faults.add(this.owner, error);
    } finally {
      meter.quiet--;
    }
  }

  /** A connection carries HTTP: what its server has read of it before, to see that, were no messages. */
  carriesHttp(connection: object): void {
    this.takeBack(connection);
    const plain = plainOf(connection);
    if (plain !== null) this.takeBack(plain);
  }

  private takeBack(socket: object): void {
    const count = Connection.takeReads(socket);
    if (count > 0) this.came(Connection.sourcesOf(socket).reads, -count);
  }

  private upgraded(socket: object): WebSocketFrames {
    this.carriesHttp(socket);
    return Connection.beginFrames(socket);
  }
}

/**
 * Lets `Socket.prototype.push`, which is inherited otherwise, be another function for each socket: so no frame of ours is in the
 * stacks of what the server's own connections bring, to databases as an example. Not of any use where there is one already.
 * @returns the undoing
 */
function standInFor(push: (socket: unknown) => unknown): () => void {
  const { prototype } = Socket;
  if (Object.hasOwn(prototype, "push")) return () => {};
  const { get, set } = Object.getOwnPropertyDescriptor(
    {
      get push() {
        return push(this);
      },
      // As a property that is inherited and can be written: whoever sets it has one of his own.
      set push(value: unknown) {
        Object.defineProperty(this, "push", { value, writable: true, enumerable: true, configurable: true });
      },
    },
    "push",
  ) as { get: () => unknown; set: (value: unknown) => void };
  Object.defineProperty(prototype, "push", { get, set, enumerable: false, configurable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(prototype, "push")?.get === get)
      Reflect.deleteProperty(prototype, "push");
  };
}
