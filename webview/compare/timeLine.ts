// Comparison: both recordings on one clock, in three lanes: now filled, the baseline dashed. A table twin has the figures.

import { formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { ComparedSeries } from "../../src/protocol/comparePanel.ts";
import type { Series } from "../../src/protocol/panel.ts";
import { element, setAttribute, setChildren, setHidden, setText, svg } from "../element.ts";
import { clock } from "../figures.ts";
import { clockStep, columnsOf, highestOf, topOf } from "../timeLine/columns.ts";
import type { CompareModel, ComparePart } from "./state.ts";

/** Until it is laid out. */
const FIRST_WIDTH = 1000;
const HEIGHT = 40;
/** Pixels: half of a tick's label. */
const HALF_LABEL = 18;
const MOST_TWIN_ROWS = 30;

type Column = readonly (number | null)[];
interface Lane {
  readonly name: string;
  readonly unit: string;
  readonly className: string;
  of(series: Series): Column;
  /** Of its scale. */
  top(atMs: readonly number[], values: Column): number;
}
const LANES: readonly Lane[] = [
  { name: t("Processor"), unit: t("µs/req"), className: "lane-processor", of: processorOf, top: topOf },
  {
    name: t("Lock waits"),
    unit: t("µs/req"),
    className: "lane-waits of-locks",
    of: ({ impact }) => impact.locks,
    top: topOf,
  },
  {
    name: t("Requests"),
    unit: t("a second"),
    className: "lane-rate",
    of: ({ requestsPerSecond }) => requestsPerSecond,
    top: (_, values) => highestOf(values),
  },
];

export function makeCompareTimeLine(): ComparePart {
  const lanes = LANES.map(makeLane);
  const ticks = element("div", "lane-ticks");
  const twin = element("tbody");
  const columns = [
    t("Time"),
    ...LANES.flatMap(({ name, unit }) => [
      t("{0}, {1}, baseline", name, unit),
      t("{0}, {1}, now", name, unit),
    ]),
  ];
  const root = element(
    "section",
    "time-line compare-time-line",
    [
      element("div", "section-head", [
        element("h2", "section-name", [t("Time line")]),
        element(
          "span",
          "legend-kinds",
          [
            element("span", "", [t("solid: now")]),
            element("span", "", [
              t("dashed: baseline"),
              element("span", "wide-only", [`, ${t("both from the start of what was measured")}`]),
            ]),
          ],
          { "aria-hidden": "true" },
        ),
      ]),
      element("div", "lanes", [...lanes.map((lane) => lane.root), ticks], {
        "aria-hidden": "true",
      }),
      // A table is as wide as its words, hidden or not.
      element("div", "hidden", [
        element("table", "twin", [
          element("caption", "", [t("Time line of both recordings")]),
          element("thead", "", [
            element(
              "tr",
              "",
              columns.map((name) => element("th", "", [name], { scope: "col" })),
            ),
          ]),
          twin,
        ]),
      ]),
    ],
    { "aria-label": t("Time line") },
  );
  let drawn: ComparedSeries | null = null;
  // Drawn at its own width: a stretched hatch would be another texture.
  new ResizeObserver(() => {
    if (drawn !== null) draw(drawn);
  }).observe(root);
  function draw(series: ComparedSeries): void {
    const endMs = Math.max(lastOf(series.before), lastOf(series.after));
    for (const lane of lanes) lane.show(series, endMs);
    const width = ticks.clientWidth;
    const step = clockStep(endMs, width);
    const marks: HTMLElement[] = [];
    for (let ms = 0; ms <= endMs; ms += step) {
      if (ms > 0 && (ms / endMs) * width > width - HALF_LABEL) break;
      const mark = element("span", "lane-tick", [clock(ms)]);
      mark.style.left = `${(100 * ms) / endMs}%`;
      marks.push(mark);
    }
    setChildren(ticks, marks);
  }
  return {
    root,
    show({ state }: CompareModel) {
      const series = state?.series ?? null;
      const steps = series === null ? 0 : Math.max(series.before.atMs.length, series.after.atMs.length);
      setHidden(root, steps < 2);
      if (series === null || steps < 2 || series === drawn) return;
      drawn = series;
      draw(series);
      setChildren(twin, twinRows(series, steps));
    },
  };
}

function makeLane({ name, unit, className, of, top: topFor }: Lane) {
  const area = svg("path", { class: "lane-area" });
  const now = svg("path", { class: "lane-now" });
  const before = svg("path", { class: "lane-before" });
  const top = element("span", "lane-top");
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${FIRST_WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "lane-picture" },
    [hatch(), area, now, before],
  );
  const root = element("div", `lane ${className}`, [
    element("span", "lane-name", [name, element("span", "unit", [` ${unit}`])]),
    top,
    picture,
  ]);
  return {
    root,
    show({ before: old, after }: ComparedSeries, endMs: number): void {
      const [was, is] = [of(old), of(after)];
      const width = picture.clientWidth || FIRST_WIDTH;
      setAttribute(picture, "viewBox", `0 0 ${width} ${HEIGHT}`);
      const most = niceTop(Math.max(topFor(old.atMs, was), topFor(after.atMs, is)));
      setText(top, most > 0 ? formatNumber(most) : "");
      const line = ({ atMs }: Series, values: Column) => pathOf(atMs, values, { endMs, most, width });
      const nowLine = line(after, is);
      setAttribute(now, "d", nowLine.line);
      setAttribute(area, "d", nowLine.area);
      setAttribute(before, "d", line(old, was).line);
    },
  };
}

/** What says "waiting": 1.5 px lines, 4 px apart, 135 deg. */
function hatch(): SVGElement {
  const attributes = {
    id: "hatch",
    width: "4",
    height: "4",
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  };
  return svg("defs", {}, [
    svg("pattern", attributes, [
      svg("rect", { width: "4", height: "4", class: "hatch-ground" }),
      svg("rect", { width: "1.5", height: "4", class: "hatch-line" }),
    ]),
  ]);
}

function processorOf({ impact: { copies, switches, allocations } }: Series): Column {
  return copies.map((value, at) => {
    const known = [value, switches[at] ?? null, allocations[at] ?? null].filter((part) => part !== null);
    return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
  });
}

function lastOf({ atMs, stepMs }: Series): number {
  return (atMs.at(-1) ?? 0) + stepMs;
}

/** The next 1, 2 or 5 of its size, with air above. */
function niceTop(value: number): number {
  if (value <= 0) return 0;
  const size = 10 ** Math.floor(Math.log10(value));
  return size * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * size >= value * 1.05) ?? 10);
}

/** Steps without a figure break the line. */
function pathOf(
  atMs: readonly number[],
  values: Column,
  { endMs, most, width }: { readonly endMs: number; readonly most: number; readonly width: number },
) {
  const runs: (readonly [number, number])[][] = [[]];
  for (const [at, ms] of atMs.entries()) {
    const value = values[at] ?? null;
    if (value === null) runs.push([]);
    else {
      const y = HEIGHT - 1 - (most > 0 ? Math.min(1, value / most) : 0) * (HEIGHT - 3);
      runs.at(-1)?.push([(ms / Math.max(1, endMs)) * width, y]);
    }
  }
  const drawn = runs.filter((run) => run.length > 1);
  const text = (run: readonly (readonly [number, number])[]) =>
    run.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  return {
    line: drawn.map((run) => `M${text(run)}`).join(""),
    area: drawn
      .map(
        (run) => `M${run[0]?.[0].toFixed(1)} ${HEIGHT}L${text(run)}L${run.at(-1)?.[0].toFixed(1)} ${HEIGHT}Z`,
      )
      .join(""),
  };
}

/** Columns of equal width on both sides, so that a row is the same time. */
function twinRows({ before, after }: ComparedSeries, steps: number): HTMLElement[] {
  let width = 1;
  while (steps / width > MOST_TWIN_ROWS) width *= 2;
  const thinned = (series: Series): Series => {
    const { impact, requestsPerSecond } = columnsOf(series, Math.max(1, series.atMs.length / width));
    return { ...series, impact, requestsPerSecond };
  };
  const [old, now] = [thinned(before), thinned(after)];
  const columns = LANES.flatMap(({ of }) => [of(old), of(now)]);
  return Array.from({ length: Math.ceil(steps / width) }, (_, at) =>
    element("tr", "", [
      element("th", "", [clock(at * width * after.stepMs)], { scope: "row" }),
      ...columns.map((column) => element("td", "", [formatNumber(column[at] ?? null)])),
    ]),
  );
}
