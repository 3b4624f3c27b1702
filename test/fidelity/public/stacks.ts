// Tests: whether two outcomes differ in nothing but frames that are known to: the preload's, those of Node's queues and
// timers, which depend on what else waits, and those that these push out at the end.

import { called, type Difference, FRAME, OWN_FRAME } from "../compare.ts";

const QUEUE_FRAME = /node:internal\/(?:process\/task_queues|timers):\d+:\d+\)?$/;
/** `Error.stackTraceLimit`. */
const MOST_FRAMES = 10;

export function onlyKnownFrames({ plain, measured }: Difference): boolean {
  if (plain === null || measured === null) return false;
  const [one, other] = [parts(plain), parts(measured)];
  return one.length === other.length && one.every((part, at) => alike(part, other[at] as Part));
}

/** A line, or the frames of a stack. */
type Part = string | readonly string[];

function parts(text: string): Part[] {
  const found: Part[] = [];
  let stack: string[] | null = null;
  // In JSON, and in JSON in it, line ends are escaped.
  for (const line of text.split(/\n|\\+n/)) {
    if (!FRAME.test(line)) {
      stack = null;
      found.push(line);
    } else if (stack === null) {
      stack = [line];
      found.push(stack);
    } else stack.push(line);
  }
  return found;
}

function alike(one: Part, other: Part): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  const [mine, theirs] = [kept(one), kept(other)];
  const length = Math.min(mine.length, theirs.length);
  for (let at = 0; at < length; at++) if (mine[at] !== theirs[at]) return false;
  const full = (frames: readonly string[]) => frames.length >= MOST_FRAMES;
  return (mine.length === length || full(other)) && (theirs.length === length || full(one));
}

function kept(frames: readonly string[]): string[] {
  return frames.filter((line) => !isKnownFrame(line)).map(called);
}

export function isKnownFrame(line: string): boolean {
  return FRAME.test(line) && (OWN_FRAME.test(line) || QUEUE_FRAME.test(line));
}
