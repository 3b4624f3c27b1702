// Runtime, symmetric, topology rr: peer 0 accepts all connections and deals them in turn to itself and to its peers,
// as Node's cluster does; one that a peer could not take comes back.

import type { ToPeer } from "./messages.ts";
import type { ServerHandle } from "./serverHandle.ts";

/** A peer that can be dealt to. */
export interface Target {
  send(message: ToPeer, handle: ServerHandle): void;
}

interface Dealt {
  readonly client: ServerHandle;
  readonly target: Target;
  /** Serves it here. */
  readonly serve: () => void;
}

export class Dealer {
  /** By number; one that came back is given again. Not a `Map`: see `underway.ts`. */
  private readonly dealt: (Dealt | undefined)[] = [];
  private readonly free: number[] = [];
  private turn = 0;

  /** @param targets the peers that have the entry's address, in their order */
  constructor(
    private readonly targets: (index: number) => readonly Target[],
    private readonly quietly: <T>(action: () => T) => T,
  ) {}

  /** Peer 0's own handle of this entry, which listens. */
  attach(index: number, handle: ServerHandle): void {
    const original = handle.onconnection;
    if (original === undefined) return;
    const dealer = this;
    handle.onconnection = function (this: ServerHandle, error, client) {
      let done = false;
      try {
        if (client !== undefined && error === 0)
          done = dealer.deal(index, client, () => Reflect.apply(original, handle, [0, client]));
      } catch {
        // It is served here.
      }
      if (!done) Reflect.apply(original, this, [error, client]);
    };
  }

  took(id: number, ok: boolean, by: Target): void {
    const dealt = this.dealt[id];
    // The number may be another's by now.
    if (dealt?.target !== by) return;
    this.dealt[id] = undefined;
    this.free.push(id);
    // The peer has a descriptor of its own.
    if (ok) dealt.client.close();
    else dealt.serve();
  }

  /** What it did not take before it ended is served here. */
  lost(target: Target): void {
    for (const [id, dealt] of this.dealt.entries())
      if (dealt?.target === target) this.took(id, false, target);
  }

  /** False: peer 0 serves it. */
  private deal(index: number, client: ServerHandle, serve: () => void): boolean {
    const targets = this.targets(index);
    const turn = this.turn++ % (targets.length + 1);
    const target = turn === 0 ? undefined : targets[turn - 1];
    if (target === undefined) return false;
    const id = this.free.pop() ?? this.dealt.length;
    this.dealt[id] = { client, target, serve };
    this.quietly(() => target.send({ type: "connection", index, id }, client));
    return true;
  }
}
