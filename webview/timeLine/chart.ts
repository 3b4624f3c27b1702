// Panel, time line: the three lanes by chart.js, one clock below them.

import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ScaleOptionsByType,
} from "chart.js";
import { isWaiting } from "../../src/model/format.ts";
import { CATEGORIES, type Category } from "../../src/protocol/categories.ts";
import type { PanelState, Range } from "../../src/protocol/panel.ts";
import { type Palette, readPalette } from "../palette.ts";
import { type Columns, columnsOf, edgesOf, endOf, tickFor } from "./columns.ts";
import { extremes, processorOf, stepsAt } from "./decimate.ts";
import { hatch } from "./hatch.ts";
import { LANES, type Overlay, overlays } from "./overlays.ts";
import type { Clock } from "./span.ts";
import { spansAbove } from "./torn.ts";

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

const GUTTER = 114;
const MOST_COLUMNS = 400;
/** Heights of the lanes to each other. */
const WEIGHTS = [4.2, 3, 2] as const;
const LINE = 1.5;
/** Between full fills; wider, it would cover a thin one. */
const SEAM = 1;

type Lines = ChartDataset<"line", { x: number; y: number | null }[]>;

export class TimeLineChart {
  readonly canvas: HTMLCanvasElement;
  readonly #chart: Chart<"line", { x: number; y: number | null }[]>;
  readonly #overlay: Overlay;
  columns: Columns = {
    atMs: [],
    impact: { copies: [], switches: [], allocations: [], locks: [] },
    requestsPerSecond: [],
  };

  #endMs = 0;
  #stepMs = 1000;

  /** @param drawn is told after each drawing, as sizes may have changed */
  constructor(canvas: HTMLCanvasElement, drawn: () => void) {
    this.canvas = canvas;
    this.#overlay = {
      palette: readPalette(),
      ticks: [1, 1, 1],
      torn: [],
      scope: { fromMs: 0, toMs: 0 },
      marks: [],
      crosshairMs: null,
      narrow: false,
      drawn,
    };
    this.#chart = new Chart(canvas, {
      type: "line",
      data: { datasets: [...CATEGORIES.map((category) => line(category)), line(null)] },
      options: {
        animation: false,
        events: [],
        maintainAspectRatio: false,
        normalized: true,
        parsing: false,
        spanGaps: false,
        layout: { padding: { top: 8, right: 1, bottom: 28, left: 0 } },
        elements: { point: { radius: 0 } },
        scales: {
          x: { type: "linear", display: false, min: 0, max: 1 },
          // Stacked from the bottom: the first lane comes last. No id begins with "r": chart.js would take it for radial.
          requestLane: laneScale(2),
          gapBelow: gapScale(),
          waitingLane: laneScale(1),
          gapAbove: gapScale(),
          processorLane: laneScale(0),
        },
      },
      plugins: [overlays(this.#overlay)],
    });
    this.retheme();
  }

  show(panel: PanelState, hidden: readonly Category[], scope: Range): void {
    this.columns = columnsOf(panel.series, MOST_COLUMNS);
    const { series } = panel;
    const lanes = [processorOf(series, hidden), series.impact.locks, series.requestsPerSecond].map(
      (values) => {
        const columns = stepsAt(series, extremes(values, MOST_COLUMNS));
        return { columns, edges: edgesOf(columns, hidden) };
      },
    );
    const highest = lanes.map(({ edges }, lane) => edges.highest[lane] ?? 0);
    for (const [index, dataset] of this.#chart.data.datasets.entries()) {
      const category = CATEGORIES[index];
      const lane = lanes[category === undefined ? 2 : isWaiting(category) ? 1 : 0];
      if (lane === undefined) continue;
      const { columns, edges } = lane;
      const values = category === undefined ? columns.requestsPerSecond : edges.of[category];
      dataset.data = values.map((y, at) => ({ x: columns.atMs[at] ?? 0, y }));
      const absent =
        category !== undefined &&
        (hidden.includes(category) || series.impact[category].every((value) => value === null));
      const seam = this.#overlay.palette.highContrast && isFilled(category ?? null);
      dataset.borderWidth = absent ? 0 : seam ? SEAM : LINE;
    }
    const { scales } = this.#chart.options;
    this.#overlay.ticks = [0, 1, 2].map((lane) => {
      const top = highest[lane] ?? 0;
      return top > 0 ? tickFor(top) : 0;
    }) as [number, number, number];
    this.#overlay.torn = LANES.map(({ scale }, index) => {
      const max = Math.max((highest[index] ?? 0) * 1.08, this.#overlay.ticks[index] ?? 0) || 1;
      const options = scales?.[scale];
      if (options !== undefined) options.max = max;
      const lane = lanes[index];
      return lane === undefined ? [] : spansAbove(lane.columns.atMs, lane.edges.upper[index] ?? [], max);
    });
    if (scales?.x !== undefined) scales.x.max = endOf(panel);
    this.#endMs = series.atMs.length === 0 ? 0 : (series.atMs.at(-1) ?? 0) + series.stepMs;
    this.#stepMs = series.stepMs;
    this.#overlay.scope = scope;
    this.#overlay.marks = panel.series.marks;
    this.#overlay.narrow = this.canvas.clientWidth < 640;
    this.#chart.update("none");
  }

  /** Covers what is outside of it. */
  cover(scope: Range): void {
    const { fromMs, toMs } = this.#overlay.scope;
    if (fromMs === scope.fromMs && toMs === scope.toMs) return;
    this.#overlay.scope = scope;
    this.#chart.draw();
  }

  get clock(): Clock {
    const { scales, chartArea } = this.#chart;
    return {
      pixelAt: (ms) =>
        Math.min(chartArea.right, Math.max(chartArea.left, scales.x?.getPixelForValue(ms) ?? 0)),
      msAt: (pixel) => Math.min(this.#endMs, Math.max(0, scales.x?.getValueForPixel(pixel) ?? 0)),
      endMs: this.#endMs,
      stepMs: this.#stepMs,
    };
  }

  /** Takes the theme's colours anew. */
  retheme(): void {
    const palette = readPalette();
    this.#overlay.palette = palette;
    for (const [index, dataset] of this.#chart.data.datasets.entries())
      paint(dataset, CATEGORIES[index] ?? null, palette, this.#chart);
    this.#chart.update("none");
  }

  /** Column under a pixel of the canvas; null outside the lanes. */
  columnAt(pixel: number): number | null {
    const { chartArea, scales } = this.#chart;
    if (pixel < chartArea.left || pixel > chartArea.right || this.columns.atMs.length === 0) return null;
    const ms = scales.x?.getValueForPixel(pixel) ?? 0;
    return this.columns.atMs.reduce(
      (best, at, index, all) => (Math.abs(at - ms) < Math.abs((all[best] ?? 0) - ms) ? index : best),
      0,
    );
  }

  /** Shows the crosshair on a column and returns its pixel. */
  point(column: number | null): number {
    const ms = column === null ? null : (this.columns.atMs[column] ?? null);
    if (ms !== this.#overlay.crosshairMs) {
      this.#overlay.crosshairMs = ms;
      this.#chart.draw();
    }
    return ms === null ? 0 : (this.#chart.scales.x?.getPixelForValue(ms) ?? 0);
  }
}

function laneScale(lane: 0 | 1 | 2): ScaleOptionsByType<"linear"> {
  return {
    type: "linear",
    axis: "y",
    position: "left",
    stack: "lanes",
    stackWeight: WEIGHTS[lane],
    min: 0,
    max: 1,
    ticks: { display: false },
    grid: { display: false },
    border: { display: false },
    afterFit(scale: { width: number }) {
      scale.width = GUTTER;
    },
  } as unknown as ScaleOptionsByType<"linear">;
}

function gapScale(): ScaleOptionsByType<"linear"> {
  return { ...laneScale(2), stackWeight: 0.6 } as ScaleOptionsByType<"linear">;
}

function line(category: Category | null): Lines {
  const lane = category === null ? "requestLane" : isWaiting(category) ? "waitingLane" : "processorLane";
  return {
    data: [],
    yAxisID: lane,
    borderWidth: LINE,
    // The processor lane holds upper edges: each area is filled down to the edge below it.
    fill: category === null || isWaiting(category) || category === "copies" ? "origin" : "-1",
  };
}

function paint(
  dataset: Lines,
  category: Category | null,
  palette: Palette,
  chart: Chart<"line", { x: number; y: number | null }[]>,
): void {
  const colour = category === null ? palette.muted : palette.of[category];
  dataset.borderColor = colour;
  if (category === null) dataset.backgroundColor = translucent(colour, 0.12);
  else if (isWaiting(category))
    dataset.backgroundColor = hatch(chart.ctx, colour, chart.currentDevicePixelRatio);
  else dataset.backgroundColor = translucent(colour, palette.highContrast ? 1 : 0.7);
  // Full fills need a seam between them.
  if (palette.highContrast && isFilled(category)) dataset.borderColor = palette.bg;
}

/** One upon the other, down to the edge below it. */
function isFilled(category: Category | null): boolean {
  return category !== null && !isWaiting(category);
}

function translucent(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`;
}
