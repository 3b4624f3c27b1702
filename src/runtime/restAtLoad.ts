// Runtime: a rest ends where a file of code is loaded: what it takes of Node's functions when it runs is to be ours.
// Files are searched for again and again, also loaded ones (where another folder asked first), and some only to know where
// they are. One that is loaded asks for its folders, once, before it runs; nothing of ours is on the stack when it does.

import { Module } from "node:module";
import { dirname } from "node:path";
import { Patches } from "./patch.ts";
import { endRest } from "./rest.ts";

interface Internals {
  readonly _cache: Readonly<Record<string, { readonly loaded: boolean }>>;
  _nodeModulePaths(from: string): string[];
}

const internals = Module as unknown as Internals;
const patches = new Patches();
/** What was found last. */
let last = "";

export function searched(file: string): void {
  last = file;
}

/** Of CommonJS, once a thread. */
export function endRestAtLoad(): void {
  patches.replace(internals, ["_nodeModulePaths"], (original) => {
    function _nodeModulePaths(this: unknown, folder: unknown): unknown {
      if (isBeingLoaded(last, folder)) endRest();
      return Reflect.apply(original, this, arguments);
    }
    return _nodeModulePaths;
  });
}

export function runsCode(file: string): boolean {
  return !file.endsWith(".json");
}

/** `require.cache` may be anything of the user's. */
function isBeingLoaded(file: string, folder: unknown): boolean {
  try {
    return runsCode(file) && dirname(file) === folder && internals._cache[file]?.loaded === false;
  } catch {
    return false;
  }
}
