// Panel, the time line: when. Head with the legend, chart, brush, crosshair with its figures, table twin.

import { categoryInText, categoryName } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { PanelState, Range } from "../../src/protocol/panel.ts";
import { element, setAttribute, setHidden, setText } from "../element.ts";
import { glyph } from "../icons.ts";
import { onThemeChange } from "../palette.ts";
import { charted, type Dispatch, type Part } from "../part.ts";
import type { Model } from "../state.ts";
import { makeBrush } from "./brush.ts";
import { TimeLineChart } from "./chart.ts";
import { columnsOf } from "./columns.ts";
import { makeTwin } from "./table.ts";
import { makeTip } from "./tip.ts";

/** The twin is read row by row: fewer columns than the chart has pixels. */
const TWIN_ROWS = 30;
const SECOND = 1000;
/** While a session grows: the chart is the dearest part of the page to draw. */
const GROWING_PAUSE = 900;

export function makeTimeLine(dispatch: Dispatch): Part {
  const legend = CATEGORIES.map((category) => {
    const button = element(
      "button",
      "legend",
      [glyph(category, 14), element("span", "", [categoryName(category)])],
      {
        type: "button",
        "aria-pressed": "true",
        title: t("Show or hide {0}", categoryInText(category)),
      },
    );
    button.addEventListener("click", () => dispatch({ type: "toggleSeries", category }));
    return button;
  });
  const gc = element("span", "muted gc-key", [`▴ ${t("major GC")}`]);
  const hint = element("span", "muted brush-hint");
  const head = element("div", "section-head", [
    element("h2", "section-name", [t("Time line")]),
    element("div", "legends", legend),
    element("span", "spring"),
    gc,
    hint,
  ]);
  const canvas = element("canvas", "chart", [], {
    role: "img",
    tabindex: "0",
    "aria-label": t(
      "Time line of processor time, lock waits and requests; its figures follow as a table. Left and right move the crosshair.",
    ),
  });
  const tip = makeTip();
  const twin = makeTwin();
  const brush = makeBrush({
    canvas,
    clock: () => (chart === null || panel === null || panel.fixed === true ? null : chart.clock),
    scope: () => shownScope(),
    preview(range) {
      previewed = range;
      showScope();
    },
    choose: (range) => dispatch({ type: "range", range }),
  });
  const plot = element("div", "plot", [canvas, ...brush.handles, tip.root]);
  const root = element("section", "time-line", [head, plot, element("div", "hidden", [twin.root])], {
    "aria-label": t("Time line"),
  });

  let chart: TimeLineChart | null = null;
  let panel: PanelState | null = null;
  /** What the reader draws or has drawn, until figures of it have come. */
  let previewed: Range | null = null;
  let hiddenSeries = "";
  let drawnAt = 0;
  let twinAt = 0;
  let column: number | null = null;

  const shownScope = (): Range => previewed ?? panel?.range ?? panel?.scope ?? { fromMs: 0, toMs: 0 };
  const fixed = () => previewed !== null || (panel?.range ?? null) !== null;
  function showScope(): void {
    chart?.cover(shownScope());
    brush.place(shownScope(), fixed());
    setText(hint, fixed() ? t("Esc for all") : t("drag to select"));
  }
  function point(next: number | null): void {
    if (chart === null) return;
    column = next;
    const pixel = chart.point(next);
    tip.show(chart.columns, brush.dragging ? null : next, pixel, plot.clientWidth, panel?.series.marks ?? []);
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

  function showLegend({ panel: next, ui }: Model): void {
    for (const [index, category] of CATEGORIES.entries()) {
      const button = legend[index];
      if (button !== undefined)
        setAttribute(button, "aria-pressed", `${!ui.hiddenSeries.includes(category)}`);
    }
    setHidden(gc, next?.series.marks.some(({ kind }) => kind === "majorGc") !== true);
    setHidden(hint, next?.fixed === true);
  }

  return {
    root,
    show(model: Model) {
      const { panel: next, ui } = model;
      setHidden(root, charted(next) === null);
      if (next === null || charted(next) === null) return;
      showLegend(model);
      const now = performance.now();
      const other = hiddenSeries !== ui.hiddenSeries.join() || !sameRange(next.range, panel?.range ?? null);
      const pause = grows(panel, next) ? GROWING_PAUSE : 0;
      const early = now - drawnAt < pause && next.phase === panel?.phase;
      if ((next === panel || early) && !other && sameRange(ui.range, previewed)) return;
      drawnAt = now;
      panel = next;
      hiddenSeries = ui.hiddenSeries.join();
      if (!brush.dragging && (ui.range === null || sameRange(ui.range, next.range))) previewed = null;
      chart ??= new TimeLineChart(canvas, () => brush.place(shownScope(), fixed()));
      chart.show(next, ui.hiddenSeries, shownScope());
      showScope();
      point(column);
      if (now - twinAt < SECOND && twinAt > 0 && next.phase === "recording") return;
      twinAt = now;
      twin.show(columnsOf(next.series, TWIN_ROWS), next.series.marks);
    },
  };
}

/** Nothing but time has passed; the clock's next second brings what is left out now. */
function grows(before: PanelState | null, { phase, elapsedMs, series }: PanelState): boolean {
  return (
    before !== null &&
    phase === "recording" &&
    elapsedMs > before.elapsedMs &&
    series.stepMs === before.series.stepMs &&
    series.marks.length === before.series.marks.length
  );
}

function sameRange(a: Range | null, b: Range | null): boolean {
  return a?.fromMs === b?.fromMs && a?.toMs === b?.toMs;
}
