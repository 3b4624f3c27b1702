// Panel, time line: what is drawn around the series: lane names and ticks, the cover outside the scope, marks,
// the crosshair.

import type { Chart, Plugin } from "chart.js";
import { formatCount, formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { Range, SeriesMark } from "../../src/protocol/panel.ts";
import { clock } from "../figures.ts";
import type { Palette } from "../palette.ts";
import { clockStep } from "./columns.ts";
import { markText, shortMark } from "./markWords.ts";
import { drawTorn } from "./torn.ts";

export const LANES = [
  { scale: "processorLane", name: t("Processor"), short: t("Processor"), unit: t("µs/req") },
  { scale: "waitingLane", name: t("Lock waits"), short: t("Waits"), unit: t("µs/req") },
  { scale: "requestLane", name: t("Requests/s"), short: t("Req/s"), unit: "" },
] as const;

const GC_PIXELS = 6;
const LONGEST_LABEL = 28;

export interface Overlay {
  palette: Palette;
  /** 0: the lane is empty, and its scale says nothing. */
  ticks: readonly [number, number, number];
  /** Of each lane: where its values run out of it. */
  torn: readonly (readonly Range[])[];
  scope: { readonly fromMs: number; readonly toMs: number };
  marks: readonly SeriesMark[];
  crosshairMs: number | null;
  narrow: boolean;
  readonly drawn: () => void;
}

export function overlays(state: Overlay): Plugin<"line"> {
  return {
    id: "darcyOverlays",
    beforeDatasetsDraw: (chart) => drawGrid(chart, state),
    afterDatasetsDraw(chart) {
      for (const [index, { scale }] of LANES.entries())
        drawTorn(chart, scale, state.torn[index] ?? [], state.palette.bg);
      coverOutside(chart, state);
      drawClock(chart, state);
      drawMarks(chart, state);
      drawCrosshair(chart, state);
      state.drawn();
    },
  };
}

function crisp(value: number): number {
  return Math.round(value) + 0.5;
}

function drawGrid({ ctx, chartArea, scales }: Chart, { palette, ticks, narrow }: Overlay): void {
  ctx.save();
  ctx.textBaseline = "middle";
  ctx.lineWidth = 1;
  for (const [index, lane] of LANES.entries()) {
    const scale = scales[lane.scale];
    const tick = ticks[index];
    if (scale === undefined || tick === undefined) continue;
    const y = scale.getPixelForValue(tick);
    ctx.strokeStyle = palette.line;
    ctx.beginPath();
    for (const at of tick > 0 ? [y, scale.bottom] : [scale.bottom]) {
      ctx.moveTo(chartArea.left, crisp(at));
      ctx.lineTo(chartArea.right, crisp(at));
    }
    ctx.stroke();
    ctx.font = `11px ${palette.fontFamily}`;
    ctx.fillStyle = palette.muted;
    ctx.textAlign = "right";
    if (tick > 0) ctx.fillText(tick >= 1 ? formatCount(tick) : formatNumber(tick), chartArea.left - 8, y);
    else ctx.fillText("0", chartArea.left - 8, scale.bottom - 9);
    ctx.textAlign = "left";
    ctx.fillStyle = palette.fg;
    ctx.font = `500 11px ${palette.fontFamily}`;
    const top = scale.top + (lane.unit === "" || narrow ? (scale.bottom - scale.top) / 2 : 8);
    ctx.fillText(narrow ? lane.short : lane.name, 0, top);
    if (lane.unit === "" || narrow) continue;
    ctx.font = `11px ${palette.fontFamily}`;
    ctx.fillStyle = palette.muted;
    ctx.fillText(lane.unit, 0, top + 14);
  }
  ctx.restore();
}

/** The scope governs every figure, so the rest of the session steps back. */
function coverOutside({ ctx, chartArea, scales }: Chart, { palette, scope }: Overlay): void {
  const x = scales.x;
  if (x === undefined) return;
  const { left, right, top, bottom } = chartArea;
  const clamp = (pixel: number) => Math.min(right, Math.max(left, pixel));
  const from = clamp(x.getPixelForValue(scope.fromMs));
  const to = clamp(x.getPixelForValue(Math.min(scope.toMs, x.max)));
  if (to <= from || (from - left < 1 && right - to < 1)) return;
  ctx.save();
  ctx.fillStyle = palette.cover;
  ctx.fillRect(left, top, from - left, bottom - top + 1);
  ctx.fillRect(to, top, right - to, bottom - top + 1);
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1;
  ctx.strokeRect(crisp(from), crisp(top), Math.round(to - from) - 1, Math.round(bottom - top));
  ctx.fillStyle = palette.muted;
  ctx.fillRect(Math.round(from), Math.round(top), Math.round(to - from), 2);
  ctx.restore();
}

function drawClock({ ctx, chartArea, scales, width }: Chart, { palette }: Overlay): void {
  const x = scales.x;
  if (x === undefined) return;
  ctx.save();
  ctx.font = `11px ${palette.fontFamily}`;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const step = clockStep(x.max - x.min, chartArea.right - chartArea.left);
  for (let ms = 0; ms <= x.max; ms += step) {
    const pixel = x.getPixelForValue(ms);
    const half = ctx.measureText(clock(ms)).width / 2;
    if (pixel + half <= width) ctx.fillText(clock(ms), pixel, chartArea.bottom + 10);
  }
  ctx.restore();
}

function drawMarks({ ctx, chartArea, scales }: Chart, { palette, marks, narrow }: Overlay): void {
  const x = scales.x;
  const lane = scales.requestLane;
  if (x === undefined || lane === undefined) return;
  ctx.save();
  ctx.font = `11px ${palette.fontFamily}`;
  ctx.textBaseline = "middle";
  // A label is left out where it would run over the one before it; its line stays, and the table names it.
  let free = chartArea.left;
  let lastGc = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const pixel = x.getPixelForValue(mark.atMs);
    if (pixel < chartArea.left || pixel > chartArea.right) continue;
    if (mark.kind === "majorGc") {
      // In a long session one triangle stands for several.
      if (pixel - lastGc < GC_PIXELS) continue;
      lastGc = pixel;
      ctx.fillStyle = palette.muted;
      ctx.beginPath();
      ctx.moveTo(pixel - 3.5, lane.bottom);
      ctx.lineTo(pixel + 3.5, lane.bottom);
      ctx.lineTo(pixel, lane.bottom - 5);
      ctx.fill();
      continue;
    }
    ctx.strokeStyle = palette.fg;
    ctx.setLineDash([2, 2]);
    ctx.beginPath();
    ctx.moveTo(crisp(pixel), chartArea.top);
    ctx.lineTo(crisp(pixel), lane.bottom);
    ctx.stroke();
    ctx.setLineDash([]);
    const text = mark.kind === "warmup" || narrow ? shortMark(mark) : shortened(markText(mark));
    const width = ctx.measureText(text).width + 8;
    const fitsLeft = pixel - width >= free;
    const before = mark.kind === "warmup" || pixel + width > chartArea.right;
    if (before && !fitsLeft) continue;
    const start = before ? pixel - width : pixel + 1;
    if (start < free) continue;
    const y = (lane.top + lane.bottom) / 2 - 2;
    ctx.fillStyle = palette.bg;
    ctx.fillRect(start, y - 8, width - 1, 16);
    ctx.fillStyle = mark.kind === "warmup" ? palette.muted : palette.fg;
    ctx.textAlign = "left";
    ctx.fillText(text, start + 4, y);
    free = start + width;
  }
  ctx.restore();
}

/** A warning is a sentence; the whole of it stands in the tip, the notices and the table. */
function shortened(label: string): string {
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 1).trimEnd()}…`;
}

function drawCrosshair({ ctx, chartArea, scales }: Chart, { palette, crosshairMs }: Overlay): void {
  const x = scales.x;
  if (x === undefined || crosshairMs === null) return;
  const pixel = crisp(x.getPixelForValue(crosshairMs));
  ctx.save();
  ctx.strokeStyle = palette.fg;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(pixel, chartArea.top);
  ctx.lineTo(pixel, chartArea.bottom);
  ctx.stroke();
  ctx.restore();
}
