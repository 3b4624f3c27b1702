// Runtime, symmetric: a listen of a peer that waits for an address of peer 0, or has got one.

import type { Wanted } from "./messages.ts";
import { dropNext, type Listen, type ListenArguments, type ListeningServer } from "./serverHandle.ts";

export interface Pending {
  readonly server: ListeningServer;
  readonly wanted: Wanted;
  readonly original: Listen;
  readonly args: ListenArguments;
  /** Differs from the server's when it was closed in the meantime. */
  readonly listeningId: number;
  /** The entry whose handle is on its way. */
  index: number | null;
  timer: NodeJS.Timeout | null;
}

export function pendingListen(
  server: ListeningServer,
  wanted: Wanted,
  original: Listen,
  args: ListenArguments,
): Pending {
  return { server, wanted, original, args, listeningId: server._listeningId, index: null, timer: null };
}

/** The same once more, of which the user's code hears nothing. */
export function movedListen({ server, wanted, original, args }: Pending): Pending {
  const unheard: Listen = function (this: ListeningServer, ...words: ListenArguments) {
    dropNext(this, "listening");
    Reflect.apply(original, this, words);
  };
  return pendingListen(server, wanted, unheard, args);
}
