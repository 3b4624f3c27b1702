// Runtime: reads what the launcher left for us: the session file that DARCY_SESSION names, and our peer index.

import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { CATEGORIES } from "../protocol/categories.ts";
import {
  PEER_VARIABLE,
  type SamplingOptions,
  SESSION_VARIABLE,
  type SessionFile,
  TOPOLOGIES,
  type Topology,
} from "../protocol/sessionFile.ts";
import { WIRE_VERSION } from "../protocol/wire.ts";
import { isMainThread } from "./threadIdentity.ts";

const MAX_SESSION_FILE_BYTES = 64 * 1024;

export interface Environment {
  readonly session: SessionFile;
  readonly sessionFolder: string;
  /** 0, or the index that peer 0 gave us. */
  readonly peer: number;
}

/** Null when there is no session, or it is over: then the preload does nothing. "version": nor does it where another Darcy made it. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment | "version" | null {
  const path = variables[SESSION_VARIABLE];
  if (path === undefined || path === "") return null;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size > MAX_SESSION_FILE_BYTES) return null;
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (versionOf(value) !== WIRE_VERSION) return "version";
  const session = toSession(value);
  const peer = peerIndex(variables);
  if (session === null || !Number.isInteger(peer) || peer < 0) return null;
  return { session, sessionFolder: dirname(path), peer };
}

/** The variable is taken from the environment of the user's code; its worker threads get our index as data. */
function peerIndex(variables: NodeJS.ProcessEnv): number {
  const own = variables[PEER_VARIABLE];
  if (own === undefined && !isMainThread) return Number(getEnvironmentData(PEER_VARIABLE) ?? "0");
  const peer = Number(own ?? "0");
  if (peer > 0) setEnvironmentData(PEER_VARIABLE, peer);
  return peer;
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "version" in value ? value.version : null;
}

function toSession(value: unknown): SessionFile | null {
  const { socket, secret, workers, topology, sampling } = value as Record<string, unknown>;
  if (typeof socket !== "string" || typeof secret !== "string") return null;
  if (typeof workers !== "number" || !Number.isInteger(workers) || workers < 1) return null;
  if (!TOPOLOGIES.includes(topology as Topology) || !isSampling(sampling)) return null;
  return { version: WIRE_VERSION, socket, secret, workers, topology: topology as Topology, sampling };
}

function isSampling(value: unknown): value is SamplingOptions {
  if (typeof value !== "object" || value === null) return false;
  const { categories, followedShare, ...numbers } = value as Record<string, unknown>;
  if (!Array.isArray(categories) || !categories.every((name) => CATEGORIES.includes(name))) return false;
  const isAmount = (option: unknown) => typeof option === "number" && option >= 0;
  return (followedShare === null || isAmount(followedShare)) && Object.values(numbers).every(isAmount);
}
