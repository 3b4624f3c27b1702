// Leaf: how a session tells the processes that it launches what to do: an environment variable names a file.

import { CATEGORIES, type Category } from "./categories.ts";

/** The environment variable that names the session file; without it the preload does nothing. */
export const SESSION_VARIABLE = "DARCY_SESSION";
/** Set by peer 0 for the peers that it starts: their index, from 1. */
export const PEER_VARIABLE = "DARCY_PEER";

/** In the session's folder: a line of JSON for each Node process that loaded us and was left alone. */
export const BYSTANDERS_FILE = "bystanders";
export const MAX_BYSTANDERS_BYTES = 64 * 1024;

/**
 * `old`: its Node can't be measured; `foreign`: it is no Node (Deno, Bun, Electron); `tool`: a package manager, compiler,
 * watcher or the like; `version`: its preload is of another Darcy than the session.
 */
export interface Bystander {
  readonly pid: number;
  readonly parentPid: number;
  /** As `v18.20.8`. */
  readonly node: string;
  readonly why: "old" | "foreign" | "tool" | "version";
  /** Node's own options, the script and its arguments; not all of them where there are many. */
  readonly words: readonly string[];
}

export const TOPOLOGIES = ["auto", "reuse", "handle", "threads", "rr", "single"] as const;
export type Topology = (typeof TOPOLOGIES)[number];
/** What `auto` turns into. */
export type ActiveTopology = "reuse" | "handle" | "threads" | "rr" | "single";

/** The session file: owner-readable JSON in the session's own folder, written before the server starts. */
export interface SessionFile {
  readonly version: number;
  /** Path of the Unix socket or named pipe. */
  readonly socket: string;
  /** 32 random bytes, hexadecimal; a hello without it is dropped. */
  readonly secret: string;
  readonly workers: number;
  readonly topology: Topology;
  readonly sampling: SamplingOptions;
}

export interface SamplingOptions {
  /** What is measured; the others' figures are null. */
  readonly categories: readonly Category[];
  /** Stacks a second, category and thread that the sampler aims at; the interval adapts to it. */
  readonly stacksPerSecond: number;
  /** Length of a measuring window, milliseconds. */
  readonly windowMillis: number;
  /** V8's sampling interval outside the inlining-correct windows, bytes. */
  readonly heapIntervalBytes: number;
  /** V8's sampling interval inside them, bytes. */
  readonly heapWindowIntervalBytes: number;
  /** Length of an inlining-correct window, milliseconds; 0 turns them off. */
  readonly heapWindowMillis: number;
  /** Longest pause between two of them, milliseconds; the first pauses are shorter. */
  readonly heapWindowPauseMillis: number;
  /**
   * Where following requests over awaits is dear (before Node 24): the part of the time in which it is done, 0 to 1. Null:
   * all requests are followed where that is cheap, else none.
   */
  readonly followedShare: number | null;
}

export const DEFAULT_SAMPLING: SamplingOptions = {
  categories: CATEGORIES,
  stacksPerSecond: 50,
  windowMillis: 500,
  heapIntervalBytes: 512 * 1024,
  heapWindowIntervalBytes: 32 * 1024,
  heapWindowMillis: 500,
  heapWindowPauseMillis: 300_000,
  followedShare: null,
};
