// Runtime, symmetric: what a peer is given at its start, of what peer 0 has by then.

import type { ActiveTopology } from "../../protocol/sessionFile.ts";
import type { Entry, PeerState } from "./messages.ts";
import type { ListeningServer } from "./serverHandle.ts";

/** A server of the user's code that listens now. */
export interface Live {
  readonly entry: Entry;
  readonly server: ListeningServer;
}

export interface GivenState {
  readonly state: Omit<PeerState, "descriptors" | "again">;
  readonly handles: readonly (readonly [index: number, fd: number])[];
}

export function givenState(
  topology: Exclude<ActiveTopology, "single">,
  live: readonly Live[],
  rest: Pick<PeerState, "workers" | "ipc" | "tried">,
): GivenState {
  const handles: [number, number][] = [];
  for (const { entry, server } of live) {
    const fd = server._handle?.fd;
    if (entry.share === "handle" && typeof fd === "number" && fd >= 0) handles.push([entry.index, fd]);
  }
  return { state: { ...rest, topology, entries: live.map(({ entry }) => entry) }, handles };
}

/** As they are shown. */
export function portsOf(entries: readonly Entry[]): string {
  return [...new Set(entries.map(({ port }) => port))].join(", ");
}
