// Runtime, symmetric: what peer 0 and its peers say to each other over their IPC channel, and what a peer is
// told by its environment so that it can answer its first listen synchronously.

import type { ActiveTopology } from "../../protocol/sessionFile.ts";

/** JSON of `PeerState`; peers delete it before the user's code runs. */
export const STATE_VARIABLE = "DARCY_PEER_STATE";

/** What the user's code asked for; a peer finds the address that it shares by it. */
export interface Wanted {
  readonly kind: "tcp" | "pipe" | "fd";
  /** Null for the unspecified address; the path of a pipe. */
  readonly address: string | null;
  /** 0 asks for any free port; the number of a descriptor; 0 for a pipe. */
  readonly port: number;
}

/** One address that peer 0 really listens on. */
export interface Entry {
  /** From 0, in the order of peer 0's listens; never reused. */
  readonly index: number;
  readonly wanted: Wanted;
  /** `dealt`: peer 0 accepts and hands connections on, or none where it keeps the address for itself. */
  readonly share: "reuse" | "handle" | "dealt";
  /** The real one; of a pipe its path. */
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
  readonly flags: number;
}

export interface PeerState {
  readonly topology: Exclude<ActiveTopology, "single">;
  readonly workers: number;
  readonly entries: readonly Entry[];
  /** Pairs of an entry's index and the descriptor at which the peer inherits its handle. */
  readonly descriptors: readonly (readonly [index: number, fd: number])[];
  /** Whether the user's process has an IPC channel of its own (`process.send`). */
  readonly ipc: boolean;
  /** It takes the place of one that ended: what is said once has been said. */
  readonly again: boolean;
  /** Addresses that peer 0 could not have, or closed at once, as port finders do: peers need not wait for them. */
  readonly tried: readonly Wanted[];
}

export type ToPeer =
  | { readonly type: "opened"; readonly entry: Entry }
  | { readonly type: "tried"; readonly wanted: Wanted }
  /** Peer 0 closes its server: the address is not to be joined any more. */
  | { readonly type: "closing"; readonly index: number }
  /** Peer 0's server is closed for good; `again`: another takes its address. */
  | { readonly type: "closed"; readonly index: number; readonly again: boolean }
  /** A connection of this entry comes with it. */
  | { readonly type: "connection"; readonly index: number; readonly id: number }
  /** The answer to `want`; the handle comes with it. */
  | { readonly type: "handle"; readonly index: number }
  /** This signal follows (or has just come): the user's own handler deals with it. */
  | { readonly type: "signal"; readonly signal: string }
  /** Peer 0 exits by itself. */
  | { readonly type: "exit"; readonly code: number };

export type FromPeer =
  | { readonly type: "listening"; readonly index: number }
  | { readonly type: "want"; readonly index: number }
  /** Whether it serves the connection with this id. */
  | { readonly type: "took"; readonly id: number; readonly ok: boolean }
  /** The peer does not have the address any more. */
  | { readonly type: "released"; readonly index: number };
