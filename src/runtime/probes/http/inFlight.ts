// Runtime: when a connection's requests started, kept on its socket in private fields: nothing can see them there, not
// even reflection, and they end with it. On the request they would cost 0.5 µs each: they are added outside of its
// class, which V8 does slowly. Responses finish in the order of their requests, also of pipelined ones.

/** Returns what it is given, so that a subclass's private field is put on that. */
class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return given;
  }
}

export class InFlight extends Given {
  /** The oldest one's start, 0 for none. */
  #first = 0;
  /** Pipelined ones behind it. */
  #more: number[] | null = null;

  private constructor(socket: object) {
    super(socket);
  }

  /** @param at milliseconds, above 0 */
  static start(socket: object, at: number): void {
    if (!(#first in socket)) new InFlight(socket);
    const of = socket as InFlight;
    if (of.#first === 0) of.#first = at;
    else if (of.#more === null) of.#more = [at];
    else of.#more.push(at);
  }

  /** The start of the oldest one, which has finished; 0 when it was not seen. */
  static finish(socket: object): number {
    if (!(#first in socket)) return 0;
    const at = socket.#first;
    socket.#first = socket.#more?.shift() ?? 0;
    return at;
  }
}
