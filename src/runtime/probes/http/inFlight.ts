// Runtime: a connection's requests, kept on its socket in private fields: nothing can see them there, not
// even reflection, and they end with it. On the request they would cost 0.5 µs each: they are added outside of its
// class, which V8 does slowly. Responses finish in the order of their requests, also of pipelined ones.

import { Given } from "../../given.ts";
import type { RequestToken } from "./requestContext.ts";

/** `bytesWritten` would look through what waits to be written, too; when a response has finished that is nothing. */
interface Counting {
  readonly bytesRead?: number;
  readonly _bytesDispatched?: number;
}

/** The response that is being sent: of an HTTP/1 connection's oldest request. */
interface Sending {
  readonly _httpMessage?: object | null;
}

export class InFlight extends Given {
  /** The oldest one, null for none. */
  #first: RequestToken | null = null;
  /** Pipelined ones behind it. */
  #more: RequestToken[] | null = null;
  /** The one whose head came last: what the connection reads is its body. */
  #last: RequestToken | null = null;
  /** When the last response was finished, 0: none was. */
  #ended = 0;

  /** Of the requests: those of another one are forgotten. */
  #stretch = 0;
  /** The first one that was seen, while there are unseen ones before it; they finish first. */
  #behind: object | null = null;
  /** Bytes of the connection that earlier requests have counted. */
  #counted = 0;

  private constructor(socket: object) {
    super(socket);
  }

  private static stretch = 0;
  private static looking = true;

  /** What is in flight on all connections, until `look`. */
  static forget(): void {
    InFlight.stretch++;
    InFlight.looking = false;
  }

  static look(): void {
    InFlight.looking = true;
  }

  static start(socket: object, token: RequestToken, request: object | null = null): void {
    if (!(#first in socket)) new InFlight(socket);
    const of = socket as InFlight;
    if (of.#stretch !== InFlight.stretch) of.#begin(request);
    of.#last = token;
    if (of.#first === null) of.#first = token;
    else if (of.#more === null) of.#more = [token];
    else of.#more.push(token);
  }

  /** Whether a request that finishes began before `look`. */
  static isOlder(socket: object, request: object | null = null): boolean {
    if (InFlight.stretch === 0) return false;
    if (!(#first in socket) || socket.#stretch !== InFlight.stretch) return true;
    return socket.#behind !== null && socket.#behind !== request;
  }

  /** The oldest one that was seen, which has finished; null for none. Not to be called for an older one. */
  static finish(socket: object, at: number): RequestToken | null {
    if (!(#first in socket) || socket.#stretch !== InFlight.stretch) return null;
    socket.#behind = null;
    const token = socket.#first;
    socket.#ended = at;
    socket.#first = socket.#more?.shift() ?? null;
    return token;
  }

  /** Bytes that came and went since the last call: a finished request's, and what came early of pipelined ones. */
  static bytes(socket: object): number {
    if (!(#counted in socket)) return 0;
    const moved = movedBy(socket as Counting);
    const since = moved - socket.#counted;
    socket.#counted = moved;
    return Math.max(0, since);
  }

  /** The first request of a connection that was there before: what it moved until now is nobody's. */
  #begin(request: object | null): void {
    this.#behind = ((this as Sending)._httpMessage ?? null) === null ? null : request;
    // A fresh one has sent nothing when its first request is there.
    const { _bytesDispatched: sent = 0 } = this as Counting;
    if (this.#last !== null || sent > 0) this.#counted = movedBy(this as Counting);
    this.#stretch = InFlight.stretch;
    this.#first = null;
    this.#more = null;
    this.#last = null;
    this.#ended = 0;
  }

  /** When the connection's last response was finished, 0: none was. */
  static lastEnd(socket: object): number {
    return #ended in socket && socket.#stretch === InFlight.stretch ? socket.#ended : 0;
  }

  /** The one whose body is being read, null for none. */
  static reading(socket: unknown): RequestToken | null {
    if (!InFlight.looking || typeof socket !== "object" || socket === null) return null;
    return #last in socket && socket.#stretch === InFlight.stretch ? socket.#last : null;
  }
}

function movedBy({ bytesRead, _bytesDispatched }: Counting): number {
  return (bytesRead ?? 0) + (_bytesDispatched ?? 0);
}
