// Runtime: Node's synchronous hooks for modules (`module.registerHooks`), where a server does not notice them. Node 22.15 to 22.22.2, 23,
// 24.0 to 24.11.0 and 25.0 give a CommonJS file that an ES module imports another `require` as soon as there is one (without
// `cache` and `extensions`), and beside asynchronous hooks of the user's (`--loader`, `module.register`) they end the program
// (nodejs/node#57327). There ours are not registered.

import { Module } from "node:module";

export interface LoadResult {
  format?: string | null;
  source?: unknown;
}
export type LoadHook = (
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => LoadResult,
) => LoadResult;

const internals = Module as unknown as { readonly registerHooks?: (hooks: { load: LoadHook }) => unknown };

/** By major version: from which minor and patch on they go unnoticed; of later ones all, of earlier ones none has them. */
const UNNOTICED: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  22: [22, 3],
  23: [Number.POSITIVE_INFINITY, 0],
  24: [11, 1],
  25: [1, 0],
};

/** @param version as `process.versions.node` */
export function goUnnoticed(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((word) => Number.parseInt(word, 10));
  const from = UNNOTICED[major];
  return from === undefined || minor > from[0] || (minor === from[0] && patch >= from[1]);
}

/** @returns whether it is called from here on */
export function registerLoadHook(load: LoadHook): boolean {
  const register = internals.registerHooks;
  if (typeof register !== "function" || !goUnnoticed(process.versions.node)) return false;
  register({ load });
  return true;
}
