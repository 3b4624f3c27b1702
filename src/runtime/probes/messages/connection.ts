// Runtime: what is known of a connection whose messages are counted, kept on its socket where nothing can see it.

import { types } from "node:util";
import { Given } from "../../given.ts";
import { WebSocketFrames } from "./webSocketFrames.ts";

/** Of what is counted: how it comes, and what one is. */
export type Source = readonly [protocol: "WebSocket" | "TLS" | "TCP" | "pipe", what: string];

/** Of one connection. */
interface Sources {
  readonly messages: Source;
  readonly reads: Source;
}

/** Of a socket, and of one whose other side speaks TLS. */
interface Known {
  readonly _handle?: { getsockname?(out: { port?: number }): unknown } | null;
  readonly encrypted?: boolean;
  /** What it speaks TLS over: of `STARTTLS`, as of servers that look first what a connection carries. */
  readonly _parent?: unknown;
  readonly _tlsOptions?: { readonly isServer?: boolean };
}

export class Connection extends Given {
  /** False: of the server's own making, or no connection at all. */
  readonly #isAccepted: boolean;
  #frames: WebSocketFrames | null = null;
  /** Null: not asked yet. */
  #sources: Sources | null = null;
  /** Counted since the last `takeReads`. */
  #reads = 0;

  private constructor(socket: object) {
    super(socket);
    const server: unknown = Object.getOwnPropertyDescriptor(socket, "server")?.value;
    this.#isAccepted = (typeof server === "object" && server !== null) || isSecuredByServer(socket);
  }

  /** Whether a server has accepted it. Asks nothing of what only looks like a socket. */
  static isAccepted(socket: object): boolean {
    if (!(#isAccepted in socket)) {
      if (types.isProxy(socket)) return false;
      new Connection(socket);
    }
    return (socket as Connection).#isAccepted;
  }

  /** Of one that was upgraded; null when they are still to be `begin`. @param socket `isAccepted` has seen it, here and below */
  static framesOf(socket: object): WebSocketFrames | null {
    return (socket as Connection).#frames;
  }

  static beginFrames(socket: object): WebSocketFrames {
    const frames = new WebSocketFrames();
    (socket as Connection).#frames = frames;
    return frames;
  }

  /**
   * Its port is asked for once, a system call, and of the connection: its server may have closed, listen elsewhere by now, or
   * be given what another one accepts.
   */
  static sourcesOf(socket: object): Sources {
    const of = socket as Connection & Known;
    if (of.#sources === null) {
      const out: { port?: number } = {};
      of._handle?.getsockname?.(out);
      const port = out.port === undefined ? "" : ` :${out.port}`;
      const protocol = of.encrypted === true ? "TLS" : port === "" ? "pipe" : "TCP";
      of.#sources = { messages: ["WebSocket", `message${port}`], reads: [protocol, `read${port}`] };
    }
    return of.#sources;
  }

  static addRead(socket: object): void {
    (socket as Connection).#reads++;
  }

  /** Of any object. @returns reads that were added since the last call */
  static takeReads(socket: object): number {
    if (!(#reads in socket)) return 0;
    const reads = socket.#reads;
    socket.#reads = 0;
    return reads;
  }
}

/** What it was plain, if it speaks TLS over another one. */
export function plainOf(socket: object): object | null {
  const { encrypted, _parent: plain } = socket as Known;
  return encrypted === true && typeof plain === "object" ? plain : null;
}

/** `new TLSSocket(accepted, { isServer: true })`: it need not name a server. */
function isSecuredByServer(socket: object): boolean {
  if ((socket as Known)._tlsOptions?.isServer !== true) return false;
  const plain = plainOf(socket);
  return plain !== null && Connection.isAccepted(plain);
}
