// Runtime, symmetric: makes this process part of the symmetric runtime. Inert until the user's code listens.

import { fill } from "../../protocol/fill.ts";
import { NOTICES } from "../../protocol/notices.ts";
import type { SessionFile } from "../../protocol/sessionFile.ts";
import { PEER_VARIABLE } from "../../protocol/sessionFile.ts";
import type { ListeningMessage, NoticeMessage, NoticePlace } from "../../protocol/wire.ts";
import { authoredInMemory } from "../sampling/sourceMaps.ts";
import { FirstPeer } from "./firstPeer.ts";
import { JoiningPeer } from "./joiningPeer.ts";
import { installListenHook } from "./listenHook.ts";
import { type PeerState, STATE_VARIABLE } from "./messages.ts";
import { watchRepeatingTimers } from "./repeatingTimers.ts";
import { watchReplicated, watchWebSockets } from "./replicaWarnings.ts";
import { planRerun } from "./rerun.ts";

export interface SymmetricContext {
  readonly session: SessionFile;
  /** 0 in the user's own process, else our index. */
  readonly peer: number;
  /** The session's own folder: decides in it which process is peer 0. */
  readonly sessionFolder: string;
  readonly preloadPath: string;
  /** Tells the collector. */
  listening(message: Omit<ListeningMessage, "type">): void;
  notice(message: Omit<NoticeMessage, "type">): void;
  /** Runs our own work unseen by the probes. */
  quietly<T>(action: () => T): T;
}

/** On a process's main thread only, before the user's code. Never throws. */
export function installSymmetric(context: SymmetricContext): void {
  try {
    const state = takeState();
    if (context.peer === 0) installListenHook(new FirstPeer(context, planRerun(context.preloadPath)));
    else if (state !== null) {
      installListenHook(new JoiningPeer(context, state));
      watchWebSockets(context.session.workers, (message) => context.notice(message));
      if (context.peer === 1 && !state.again) {
        watchRepeatingTimers((place, millis) => tellTimer(context, place, millis));
        watchReplicated(context.session.workers, (message) => context.notice(message));
      }
    }
  } catch {
    // The server runs with one worker.
  }
}

function tellTimer(context: SymmetricContext, place: NoticePlace, millis: number): void {
  const at = authoredInMemory(place) ?? place;
  context.notice({
    code: "repeating-timer",
    severity: "warning",
    text: fill(NOTICES.timer, Math.round(millis / 100) / 10, `${at.url}:${at.line}`, context.session.workers),
    place: at,
  });
}

/** The user's code and its children see none of it. */
function takeState(): PeerState | null {
  const text = process.env[STATE_VARIABLE];
  delete process.env[STATE_VARIABLE];
  delete process.env[PEER_VARIABLE];
  return text === undefined ? null : (JSON.parse(text) as PeerState);
}
