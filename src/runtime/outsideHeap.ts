// Runtime: runs the preload from a text that V8 keeps outside of its heap. A server with a small heap that makes many Buffers
// pays by the megabyte of live heap (see docs/cost.md), and the text is a third of one.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import vm from "node:vm";

/** Node hands longer texts to V8 without copying them into its heap (`EXTERN_APEX` of its string_bytes.cc). */
const LEAST_OUTSIDE = 0xfbee9 + 1;
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n})";

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: object,
  file: string,
  folder: string,
) => unknown;

/** @param file pure ASCII */
export function runOutsideHeap(file: string, require: NodeJS.Require): void {
  const wrapped = compiled(file);
  if (wrapped === null) {
    require(file);
    return;
  }
  // A script's text may not import unless Node prints a warning; a module's may, as this one's.
  const module = { exports: {}, importModule: (url: string) => import(url) };
  wrapped(module.exports, require, module, file, dirname(file));
}

function compiled(file: string): Wrapped | null {
  try {
    const code = readFileSync(file);
    const length = HEAD.length + code.length + TAIL.length;
    const text = Buffer.alloc(Math.max(LEAST_OUTSIDE, length), " ");
    text.write(HEAD, 0, "latin1");
    code.copy(text, HEAD.length);
    text.write(TAIL, HEAD.length + code.length, "latin1");
    const script = new vm.Script(text.toString("latin1"), { filename: file });
    return script.runInThisContext() as Wrapped;
  } catch {
    return null;
  }
}
