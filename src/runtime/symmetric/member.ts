// Runtime, symmetric: one peer as peer 0 sees it, be it a process or a thread.

import type { FromPeer, PeerState, ToPeer } from "./messages.ts";
import type { Rerun } from "./rerun.ts";
import type { ServerHandle } from "./serverHandle.ts";

export interface Member {
  /** Of its own process; null for a thread. */
  readonly pid: number | null;
  send(message: ToPeer, handle: ServerHandle | null): void;
  /** The user's handlers deal with it. */
  signal(name: NodeJS.Signals): void;
  /** Its end of what it was given. */
  dispose(): void;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Class of an error that nobody caught, where its stack was not printed: `TypeError`. */
  readonly error: string | null;
}

export interface MemberEvents {
  message(message: FromPeer): void;
  ended(ended: Ended): void;
}

export interface Start {
  readonly rerun: Rerun;
  readonly peer: number;
  readonly state: PeerState;
  /** Descriptors that it inherits, in their order. */
  readonly descriptors: readonly number[];
  readonly events: MemberEvents;
}
