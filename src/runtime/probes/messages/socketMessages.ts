// Runtime: what servers are asked for over connections that carry no HTTP: messages of WebSockets, and of other protocols,
// whose messages nobody but the server knows, the pieces in which they are read. All come by the socket's own `push`, which
// Node calls for neither HTTP/1 nor HTTP/2.

import { type Server, Socket } from "node:net";
import { Readable } from "node:stream";
import { types } from "node:util";
import { disguise } from "../../patch.ts";
import type { ProbeContext } from "../probe.ts";
import { WebSocketFrames } from "./webSocketFrames.ts";

/** Of what is counted: how it comes, and what one is. */
export type Source = readonly [protocol: "WebSocket" | "TLS" | "TCP" | "pipe", what: string];

/** Of one server. */
interface Sources {
  readonly messages: Source;
  readonly reads: Source;
}

/** Of an accepted connection. */
interface Accepted {
  /** An object while it carries HTTP, null after an upgrade, left out where it never has. */
  readonly parser?: object | null;
  readonly encrypted?: boolean;
}

/** Returns what it is given, so that a subclass's private field is put on that (see `http/inFlight.ts`). */
class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return given;
  }
}

/** What is known of a connection, where nothing can see it. */
class Connection extends Given {
  /** Null: of the server's own making, or none at all. */
  readonly #server: Server | null;
  #frames: WebSocketFrames | null = null;

  private constructor(socket: object) {
    super(socket);
    const server: unknown = Object.getOwnPropertyDescriptor(socket, "server")?.value;
    this.#server = typeof server === "object" && server !== null ? (server as Server) : null;
  }

  /** Null for connections that nobody has accepted. Asks nothing of what only looks like a socket. */
  static serverOf(socket: object): Server | null {
    if (!(#server in socket)) {
      if (types.isProxy(socket)) return null;
      new Connection(socket);
    }
    return (socket as Connection).#server;
  }

  /** Of one that `serverOf` has seen. */
  static framesOf(socket: object): WebSocketFrames {
    const of = socket as Connection;
    of.#frames ??= new WebSocketFrames();
    return of.#frames;
  }
}

export class SocketMessages {
  private readonly sources = new WeakMap<Server, Sources>();
  private active = true;
  private readonly undo: () => void;

  /**
   * Not taken away in a rest: where a message ends is known from all that came before it.
   * @param came so many of a source's messages
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
      if (Connection.serverOf(socket) === null) return false;
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
      const { messages, reads } = this.sourcesOf(socket);
      if ((socket as Accepted).parser === null) {
        const frames = Connection.framesOf(socket);
        const ended = frames.take(bytes);
        if (ended > 0) this.came(messages, ended);
        if (!frames.broken) return;
      }
      this.came(reads, 1);
    } catch (error) {
      faults.add(this.owner, error);
    } finally {
      meter.quiet--;
    }
  }

  /** Asked once of each server: its port is a system call. */
  private sourcesOf(socket: object): Sources {
    const server = Connection.serverOf(socket) as Server;
    let sources = this.sources.get(server);
    if (sources === undefined) {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? ` :${address.port}` : "";
      const protocol = (socket as Accepted).encrypted === true ? "TLS" : port === "" ? "pipe" : "TCP";
      sources = { messages: ["WebSocket", `message${port}`], reads: [protocol, `read${port}`] };
      this.sources.set(server, sources);
    }
    return sources;
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
