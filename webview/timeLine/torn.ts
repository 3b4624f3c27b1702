// Panel, time line: where a lane's values run out of it, and the torn edge that says so.

import type { Chart } from "chart.js";
import type { Range } from "../../src/protocol/panel.ts";

/** Of a tooth, pixels. */
const TOOTH_WIDTH = 6;
const TOOTH_HEIGHT = 4;

/** Where the line between the values is above `highest`. Pure. */
export function spansAbove(
  atMs: readonly number[],
  values: readonly (number | null)[],
  highest: number,
): Range[] {
  const spans: Range[] = [];
  let fromMs: number | null = null;
  for (const [at, ms] of atMs.entries()) {
    const value = values[at] ?? null;
    const before = values[at - 1] ?? null;
    const above = value !== null && value > highest;
    const crossing =
      value === null || before === null
        ? ms
        : ms - ((value - highest) / (value - before)) * (ms - (atMs[at - 1] ?? ms));
    if (above && fromMs === null) fromMs = crossing;
    if (above || fromMs === null) continue;
    // After the last value before a gap there is no line.
    spans.push({ fromMs, toMs: value === null ? (atMs[at - 1] ?? ms) : crossing });
    fromMs = null;
  }
  if (fromMs !== null) spans.push({ fromMs, toMs: atMs.at(-1) ?? fromMs });
  return spans;
}

/** Bites teeth out of the lane's upper edge, in the ground's colour. */
export function drawTorn(
  { ctx, scales }: Chart,
  lane: string,
  spans: readonly Range[],
  ground: string,
): void {
  const { x, [lane]: y } = scales;
  if (x === undefined || y === undefined) return;
  ctx.save();
  ctx.fillStyle = ground;
  for (const { fromMs, toMs } of spans) {
    const [from, to] = [x.getPixelForValue(fromMs), x.getPixelForValue(toMs)];
    const teeth = Math.max(1, Math.round((to - from) / TOOTH_WIDTH));
    const width = (to - from) / teeth;
    ctx.beginPath();
    ctx.moveTo(from, y.top - 1);
    for (let tooth = 0; tooth < teeth; tooth++) {
      ctx.lineTo(from + (tooth + 0.5) * width, y.top + TOOTH_HEIGHT);
      ctx.lineTo(from + (tooth + 1) * width, y.top - 1);
    }
    ctx.fill();
  }
  ctx.restore();
}
