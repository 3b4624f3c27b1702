// Runtime: the first file that `--require` loads, built for any Node: one that is too old for the preload's syntax
// would end at it, and with it the user's program. Such a Node is left alone, and so are Deno, Bun and Electron, which load us
// as Node does and are measured wrongly. What they ran is noted.

import { join } from "node:path";
import { noteBystander } from "./bystander.ts";
import { runOutsideHeap } from "./outsideHeap.ts";

/** Of `engines` in package.json; a Node before it is not tested with us. */
const OLDEST_NODE = 20;

const FOREIGN = ["deno", "bun", "electron"];
const { versions } = process;

try {
  if (FOREIGN.some((name) => versions[name] !== undefined)) noteBystander("foreign");
  else if (Number.parseInt(versions.node, 10) < OLDEST_NODE) noteBystander("old");
  else runOutsideHeap(join(__dirname, "preload.js"), require);
} catch {
  // A preload that is gone or can't be read: the server runs as if we were not there.
}
