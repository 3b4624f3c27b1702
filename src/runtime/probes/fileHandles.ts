// Runtime: Node exports no FileHandle. At the user's first `fs.promises.open` we open one file of our own and ask it for its
// prototype, once for all probes.

import type Fs from "node:fs";
import { builtin } from "../builtins.ts";
import type { ProbeContext } from "./probe.ts";

const fs = builtin<typeof Fs>("fs");
const { open } = fs.promises;

type Action = (prototype: object) => void;
const waiting: Action[] = [];
let prototype: object | null = null;
let asked = false;

/** Calls `action` with it once it is known. */
export function onFileHandles(action: Action): void {
  if (prototype !== null) action(prototype);
  else waiting.push(action);
}

/** To be called when the user's code opens a file. */
export function noticeOpen({ meter, faults }: Pick<ProbeContext, "meter" | "faults">): void {
  if (asked || meter.quiet > 0) return;
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
