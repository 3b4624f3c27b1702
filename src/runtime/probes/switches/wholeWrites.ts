// Runtime: before Node 26 `fs.writeFile` and `appendFile` with a callback open by themselves, and then call the public `fs.write`
// and `fs.close` from callbacks of Node's own, where no line stands on the stack. All three jobs are told at the call; these two
// are known again by what Node gives to them (lib/fs.js, `writeAll`).

import type { AmountOf } from "../measuredCall.ts";
import { HANDOFFS_PER_JOB } from "./handoff.ts";

// Our own, before anyone patches it.
const { toString: sourceOf } = Function.prototype;

/** Of `fs.write(fd, buffer, offset, length, position, callback)`. */
const POSITION = 4;
const CALLBACK = 5;
/** Of those that are written at a time; the others are closed as anybody's are. */
const MAX_DESCRIPTORS = 10_000;

export class WholeWrites {
  /** Node has written to them, and closes them. */
  private readonly descriptors = new Set<unknown>();

  amounts(): Record<"appendFile" | "close" | "write" | "writeFile", AmountOf> {
    return {
      writeFile: whole,
      appendFile: whole,
      write: (_self, args) => (this.isOfWholeFile(args) ? 0 : HANDOFFS_PER_JOB),
      close: (_self, args) => (this.descriptors.delete(args[0]) ? 0 : HANDOFFS_PER_JOB),
    };
  }

  private isOfWholeFile(args: IArguments): boolean {
    const callback: unknown = args[CALLBACK];
    if (args[POSITION] !== null || typeof callback !== "function") return false;
    if (!/\bisUserFd\b/.test(Reflect.apply(sourceOf, callback, []) as string)) return false;
    if (this.descriptors.size < MAX_DESCRIPTORS) this.descriptors.add(args[0]);
    return true;
  }
}

/** open, write, close; on a descriptor write alone, which it calls at once. */
const whole: AmountOf = (_self, args) => (typeof args[0] === "number" ? 1 : 3) * HANDOFFS_PER_JOB;
