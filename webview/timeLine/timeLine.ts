// Panel, the time line: when. Head with the legend, chart, crosshair with its figures, table twin.

import { CATEGORY_NAME, formatNumber } from "../../src/model/format.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { PanelState } from "../../src/protocol/panel.ts";
import { element, setAttribute, setHidden, setStyle, setText } from "../element.ts";
import { clock } from "../figures.ts";
import { glyph } from "../icons.ts";
import { onThemeChange, reducedMotion } from "../palette.ts";
import { type Dispatch, measured, type Part } from "../part.ts";
import type { Model } from "../state.ts";
import { TimeLineChart } from "./chart.ts";
import { columnsOf } from "./columns.ts";
import { makeTwin } from "./table.ts";

/** The twin is read row by row: fewer columns than the chart has pixels. */
const TWIN_ROWS = 30;
const SECOND = 1000;

export function makeTimeLine(dispatch: Dispatch): Part {
  const legend = CATEGORIES.map((category) => {
    const button = element(
      "button",
      "legend",
      [glyph(category, 14), element("span", "", [CATEGORY_NAME[category]])],
      {
        type: "button",
        "aria-pressed": "true",
        title: `Show or hide ${CATEGORY_NAME[category].toLowerCase()}`,
      },
    );
    button.addEventListener("click", () => dispatch({ type: "toggleSeries", category }));
    return button;
  });
  const gc = element("span", "muted gc-key", ["▴ major GC"]);
  const head = element("div", "section-head", [
    element("h2", "section-name", ["Time line"]),
    element("div", "legends", legend),
    element("span", "spring"),
    gc,
  ]);
  const canvas = element("canvas", "chart", [], {
    role: "img",
    tabindex: "0",
    "aria-label":
      "Time line of processor time, lock waits and requests; its figures follow as a table. Left and right move the crosshair.",
  });
  const tip = makeTip();
  const twin = makeTwin();
  const plot = element("div", "plot", [canvas, tip.root]);
  const root = element("section", "time-line", [head, plot, element("div", "hidden", [twin.root])], {
    "aria-label": "Time line",
  });

  let chart: TimeLineChart | null = null;
  let panel: PanelState | null = null;
  let hiddenSeries = "";
  let drawnAt = 0;
  let twinAt = 0;
  let column: number | null = null;

  function point(next: number | null): void {
    if (chart === null) return;
    column = next;
    const pixel = chart.point(next);
    tip.show(chart.columns, next, pixel, plot.clientWidth);
  }
  canvas.addEventListener("pointermove", (event) => point(chart?.columnAt(event.offsetX) ?? null));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    const last = (chart?.columns.atMs.length ?? 0) - 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (step === undefined || last < 0) return;
    event.preventDefault();
    point(Math.min(last, Math.max(0, (column ?? last + 1) + step)));
  });
  // After the style sheet has taken the change in.
  onThemeChange(() => requestAnimationFrame(() => chart?.retheme()));

  return {
    root,
    show({ panel: next, ui }: Model) {
      setHidden(root, measured(next) === null);
      if (next === null || measured(next) === null) return;
      for (const [index, category] of CATEGORIES.entries()) {
        const button = legend[index];
        if (button !== undefined)
          setAttribute(button, "aria-pressed", `${!ui.hiddenSeries.includes(category)}`);
      }
      setHidden(gc, !next.series.marks.some(({ kind }) => kind === "majorGc"));
      const now = performance.now();
      const changed = next !== panel || hiddenSeries !== ui.hiddenSeries.join();
      // Reduced motion: charts step once a second.
      if (
        !changed ||
        (reducedMotion() &&
          now - drawnAt < SECOND &&
          next.phase === panel?.phase &&
          hiddenSeries === ui.hiddenSeries.join())
      )
        return;
      drawnAt = now;
      panel = next;
      hiddenSeries = ui.hiddenSeries.join();
      chart ??= new TimeLineChart(canvas);
      chart.show(next, ui.hiddenSeries);
      point(column);
      if (now - twinAt < SECOND && twinAt > 0 && next.phase === "recording") return;
      twinAt = now;
      twin.show(columnsOf(next.series, TWIN_ROWS), next.series.marks);
    },
  };
}

function makeTip() {
  const time = element("div", "tip-time");
  const figures = CATEGORIES.map(() => element("span", "number"));
  const rate = element("span", "number");
  const row = (icon: Node | null, name: string, figure: HTMLElement, unit: string) =>
    element("div", "tip-row", [
      element("span", "tip-glyph", [icon]),
      element("span", "", [name]),
      figure,
      element("span", "unit", [unit]),
    ]);
  const root = element(
    "div",
    "tip",
    [
      time,
      ...CATEGORIES.map((category, index) =>
        row(glyph(category, 12), CATEGORY_NAME[category], figures[index] as HTMLElement, "µs/req"),
      ),
      row(null, "Requests", rate, "req/s"),
    ],
    { "aria-hidden": "true" },
  );
  root.hidden = true;
  return {
    root,
    show(columns: TimeLineChart["columns"], column: number | null, pixel: number, width: number): void {
      setHidden(root, column === null);
      if (column === null) return;
      setText(time, clock(columns.atMs[column] ?? 0));
      for (const [index, category] of CATEGORIES.entries()) {
        const figure = figures[index];
        if (figure !== undefined) setText(figure, formatNumber(columns.impact[category][column] ?? null));
      }
      setText(rate, formatNumber(columns.requestsPerSecond[column] ?? null));
      const { offsetWidth } = root;
      setStyle(root, "left", `${pixel + 12 + offsetWidth > width ? pixel - 12 - offsetWidth : pixel + 12}px`);
    },
  };
}
