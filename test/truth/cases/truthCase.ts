// Truth suite: what a case is, and the loads they share.

import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Category } from "../../../src/protocol/categories.ts";
import type { Report } from "../../../src/protocol/report.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const fixtures = path.join(root, "test/fixtures/truth");

export interface TruthCase {
  readonly name: string;
  /** Nodes on which `npm test` has it; `npm run truth` has it on all of `nodes`. */
  readonly quick: readonly number[];
  /** What stands after the name of the Node executable. */
  readonly args: (scratch: string) => Promise<readonly string[]> | readonly string[];
  /** Absolute paths of the sources that state costs. */
  readonly sources: readonly string[] | ((scratch: string) => readonly string[]);
  readonly path: string;
  readonly connections: number;
  /** Requests a second; null: as many as it can. */
  readonly rate: number | null;
  readonly seconds: number;
  readonly nodes: readonly number[];
  /** `--stacks`: where lines share an operation and a size, their shares are estimates that need many samples. */
  readonly stacks?: number;
  /** `--only`: what else the server costs is not stated. */
  readonly only?: Category;
  /** `--follow`: per cent of the time in which requests are followed before Node 24, which follows all. Default: none. */
  readonly follow?: number;
  /** Default: one. */
  readonly workers?: number;
  /** Requests that each connection has under way; default: one. */
  readonly pipelining?: number;
  /** What else has to be right, in plain words what is not. */
  readonly check?: (report: Report) => readonly string[];
}

export const ALL = [20, 22, 24, 26];
/** Every event is sampled at this rate, so that lines are exact. */
export const CALM = { path: "/", connections: 2, rate: 100, seconds: 3, quick: [20], nodes: ALL } as const;
/** Longer, because single long waits weigh more. */
export const WAITING = { ...CALM, rate: null, seconds: 6 } as const;
/** As much as it can: sampled, and with the inlining-correct windows under way. */
export const FULL = {
  path: "/",
  connections: 4,
  rate: null,
  seconds: 8,
  quick: [] as number[],
  nodes: ALL,
} as const;

export const inFixture = (folder: string, ...files: string[]) =>
  files.map((file) => path.join(fixtures, folder, file));

/** What can be under way when the measuring begins and ends. */
export function inFlight({ connections, pipelining = 1 }: TruthCase): number {
  return connections * pipelining;
}

/** A fixture that serves by itself: its sources and its arguments. */
export function server(folder: string, file: string, more: readonly string[] = []) {
  const sources = [...inFixture(folder, file, ...more), path.join(fixtures, "support/serve.cjs")];
  return { sources, args: () => [path.join(fixtures, folder, file)] };
}
