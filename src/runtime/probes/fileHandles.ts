// Runtime: Node exports no FileHandle. At the user's first `fs.promises.open` we open one file of our own and ask it for its
// prototype, once for all probes.

import type Fs from "node:fs";
import { builtin } from "../builtins.ts";
import type { ProbeContext } from "./probe.ts";
import { whenAsked } from "./whenAsked.ts";

const fs = builtin<typeof Fs>("fs");
let open: typeof Fs.promises.open | null = null;

type Action = (prototype: object) => void;
const waiting: Action[] = [];
let prototype: object | null = null;
let asked = false;

/** Calls `patch` when the user's code asks for promised file calls, which cost 0.1 MB of heap. Returns the undoing. */
export function whenPromisesAsked(
  owner: string,
  context: ProbeContext,
  patch: (promises: typeof Fs.promises) => void,
): () => void {
  const asked = () => {
    const { promises } = fs;
    // Before anyone patches it.
    open ??= promises.open;
    patch(promises);
  };
  // The module itself is loaded by a getter of `fs`, or by Node's own inside.
  return whenAsked(owner, context, ["fs/promises"], asked, ["internal/fs/promises"]);
}

/** Calls `action` with it once it is known. */
export function onFileHandles(action: Action): void {
  if (prototype !== null) action(prototype);
  else waiting.push(action);
}

/** To be called when the user's code opens a file. */
export function noticeOpen({ meter, faults }: Pick<ProbeContext, "meter" | "faults">): void {
  if (asked || open === null || meter.quiet > 0) return;
  asked = true;
  meter.quiet++;
  open(process.execPath, "r")
    .then(async (handle) => {
      prototype = Object.getPrototypeOf(handle) as object;
      for (const action of waiting.splice(0)) action(prototype);
      await handle.close();
    })
    .catch((error: unknown) => faults.add("file handles", error));
  meter.quiet--;
}
