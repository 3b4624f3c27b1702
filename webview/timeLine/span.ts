// Panel, time line: a span of the clock under the pointer and under keys. Pure.

import type { Range } from "../../src/protocol/panel.ts";

/** The chart's clock: where a time stands, and how finely one can choose. */
export interface Clock {
  pixelAt(ms: number): number;
  msAt(pixel: number): number;
  /** Where the session ends. */
  readonly endMs: number;
  readonly stepMs: number;
}

/** What the pointer holds. */
export type Grip = "from" | "to" | "inside" | "outside";

const EDGE_PIXELS = 6;
const SECOND = 1000;
/** A span that covers more of the session is not moved but drawn anew. */
const WHOLE = 0.97;

export function gripAt(pixel: number, { fromMs, toMs }: Range, clock: Clock): Grip {
  const from = clock.pixelAt(fromMs);
  const to = clock.pixelAt(Math.min(toMs, clock.endMs));
  const covers = to - from >= WHOLE * (clock.pixelAt(clock.endMs) - clock.pixelAt(0));
  if (covers) return "outside";
  if (Math.abs(pixel - to) <= EDGE_PIXELS) return "to";
  if (Math.abs(pixel - from) <= EDGE_PIXELS) return "from";
  return pixel > from && pixel < to ? "inside" : "outside";
}

/** @param before the span as the drag began */
export function dragged(grip: Grip, before: Range, startPixel: number, pixel: number, clock: Clock): Range {
  const by = clock.msAt(pixel) - clock.msAt(startPixel);
  switch (grip) {
    case "from":
      return between(before.fromMs + by, before.toMs, clock, "to");
    case "to":
      return between(before.fromMs, Math.min(before.toMs, clock.endMs) + by, clock, "from");
    case "inside": {
      const width = Math.min(before.toMs, clock.endMs) - before.fromMs;
      const from = snap(Math.max(0, Math.min(clock.endMs - width, before.fromMs + by)), clock);
      return { fromMs: from, toMs: Math.min(clock.endMs, from + width) };
    }
    case "outside": {
      const [from, to] = [clock.msAt(startPixel), clock.msAt(pixel)];
      return to >= from ? between(from, to, clock, "from") : between(to, from, clock, "to");
    }
  }
}

/** Arrows move an end by a step, with Shift by ten seconds; null for other keys. */
export function nudged(
  range: Range,
  end: "from" | "to",
  key: string,
  far: boolean,
  clock: Clock,
): Range | null {
  const step = far ? 10 * SECOND : grain(clock);
  const to = Math.min(range.toMs, clock.endMs);
  const at = end === "from" ? range.fromMs : to;
  const next = {
    ArrowLeft: at - step,
    ArrowDown: at - step,
    ArrowRight: at + step,
    ArrowUp: at + step,
    Home: 0,
    End: clock.endMs,
  }[key];
  if (next === undefined) return null;
  return end === "from" ? between(next, to, clock, "to") : between(range.fromMs, next, clock, "from");
}

/** Within the session, and not narrower than can be measured; the `still` end stays where it is. */
function between(from: number, to: number, clock: Clock, still: "from" | "to"): Range {
  const least = Math.min(clock.endMs, Math.max(SECOND, 2 * clock.stepMs));
  const limit = (ms: number) => Math.max(0, Math.min(clock.endMs, ms));
  if (still === "from") {
    const fromMs = Math.min(snap(limit(from), clock), clock.endMs - least);
    return { fromMs, toMs: Math.max(fromMs + least, atEnd(limit(to), clock)) };
  }
  const toMs = Math.max(atEnd(limit(to), clock), least);
  return { fromMs: Math.max(0, Math.min(toMs - least, snap(limit(from), clock))), toMs };
}

function atEnd(ms: number, clock: Clock): number {
  return ms >= clock.endMs ? clock.endMs : Math.min(clock.endMs, snap(ms, clock));
}
function snap(ms: number, clock: Clock): number {
  return Math.round(ms / grain(clock)) * grain(clock);
}
function grain({ stepMs }: Clock): number {
  return Math.min(SECOND, Math.max(100, stepMs));
}
