// Leaf: what a measured process (a peer) and the collector say to each other over the session's socket.
// Every message is one JSON frame (see framing.ts).

import type { ActiveTopology } from "./sessionFile.ts";
import type { GlanceMessage, WindowMessage } from "./window.ts";

/** Both ends must agree on it to the letter; the collector rejects others with a reason. */
export const WIRE_VERSION = 1;

/** The largest frame either side accepts, bytes of JSON. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

// ---- peer to collector

export type PeerMessage =
  | HelloMessage
  | ListeningMessage
  | WindowMessage
  | GlanceMessage
  | NoticeMessage
  | RestingMessage
  | WokenMessage;

/** First message of a connection: one per thread that runs the user's code. */
export interface HelloMessage {
  readonly type: "hello";
  readonly version: number;
  readonly secret: string;
  /** Index of the symmetric peer, 0 for the process that the user started (and any of its other children). */
  readonly peer: number;
  readonly pid: number;
  readonly parentPid: number;
  /** 0 on a process's main thread. */
  readonly threadId: number;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  /** Names of the probes that run, and of those that can't here with the reason. */
  readonly probes: readonly string[];
  readonly unavailable: readonly (readonly [probe: string, reason: string])[];
}

/** The thread accepts TCP connections. */
export interface ListeningMessage {
  readonly type: "listening";
  /** Null for a Unix socket or pipe, which stays with one worker. */
  readonly port: number | null;
  readonly address: string;
  readonly topology: ActiveTopology;
  /** Peers that peer 0 means to run, itself included. */
  readonly workers: number;
  /** Clients speak TLS to it (https, secure HTTP/2, tls); else left out. */
  readonly tls?: boolean;
  /** It is none of Node's HTTP servers: what clients speak is not known; else left out. */
  readonly raw?: boolean;
}

export const NOTICE_CODES = [
  "topology-fallback",
  "unix-socket",
  "user-cluster",
  "development-server",
  "repeating-timer",
  "crash-loop",
  "thread-limits",
  "memory-sessions",
  "polling-clients",
  "web-sockets",
  "scheduled-jobs",
  "peer-exit",
  "server-ended",
  "load-not-2xx",
  "probe-off",
  "probe-unavailable",
  "coverage",
  "dropped",
  "options-missed",
] as const;
export type NoticeCode = (typeof NOTICE_CODES)[number];

/** Something the user should know. `text` is a whole sentence; it never comes from request data. */
export interface NoticeMessage {
  readonly type: "notice";
  readonly code: NoticeCode;
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  /** That the text names as `url:line`, for whoever knows where it was authored (`sources/notices.ts`). */
  readonly place?: NoticePlace;
}

/** As V8 ran it, from 1. */
export interface NoticePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** The answer to a flush or a look while the thread rests: it owes nothing. */
export interface RestingMessage {
  readonly type: "resting";
}

/** The thread rests no more, before its time: it loads code. What comes from it was measured. */
export interface WokenMessage {
  readonly type: "woken";
}

// ---- collector to peer

export type CollectorMessage =
  | WelcomeMessage
  | RejectMessage
  | FlushMessage
  | LookMessage
  | RestMessage
  | StopMessage;

export interface WelcomeMessage {
  readonly type: "welcome";
  readonly version: number;
}
export interface RejectMessage {
  readonly type: "reject";
  readonly reason: string;
}
/** Send the current window now. */
export interface FlushMessage {
  readonly type: "flush";
}
/**
 * Somebody looks on: send the current window (`cut`), or a glance at it where it is not to be cut or the thread stood
 * still. One answer to each.
 */
export interface LookMessage {
  readonly type: "look";
  readonly cut: boolean;
}
/** Send the current window, then measure nothing for so long; 0: measure again, now. */
export interface RestMessage {
  readonly type: "rest";
  readonly millis: number;
}
/** Stop measuring; probes restore what they patched, the server goes on. */
export interface StopMessage {
  readonly type: "stop";
}
