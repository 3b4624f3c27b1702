// Collector: what a session is told at its start and what it tells while it runs.

import type { ProfileNotice } from "../model/profile.ts";
import type { Calibration } from "../protocol/calibration.ts";
import type { SamplingOptions, Topology } from "../protocol/sessionFile.ts";

/** A server under load is measured at first, and from then on by spells: in between nothing of ours runs in it. Milliseconds. */
export interface RestOptions {
  /** Of load, before the first rest. */
  readonly firstMillis: number;
  /** Of load, between two rests. */
  readonly spellMillis: number;
  /** On average. */
  readonly restMillis: number;
}

export const DEFAULT_REST: RestOptions = { firstMillis: 60_000, spellMillis: 20_000, restMillis: 240_000 };

export interface SessionOptions {
  /** The words of the user's command. Its environment is `environment` of the session. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly workers: number;
  readonly topology: Topology;
  readonly warmupMs: number;
  readonly sampling: SamplingOptions;
  /** Left out or null: all the time is measured. */
  readonly rest?: RestOptions | null;
  /** Folder of the built bundles: preload.js, calibrate.js. */
  readonly distFolder: string;
  /** The Node that calibrates, the user's own where it is known. */
  readonly nodePath: string;
  /** The environment the server is to have, before ours is added. */
  readonly baseEnvironment: NodeJS.ProcessEnv;
}

export interface SessionEvents {
  calibrated: [Calibration | null];
  /** A worker said hello, listens, or left. */
  workers: [];
  /** A window arrived. */
  window: [];
  /** Somebody looks on, and what there is now is in; `windows`: not glances alone. */
  looked: [windows: boolean];
  notice: [ProfileNotice];
  /** The first request was completed. */
  request: [];
}
