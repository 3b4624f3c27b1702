// Panel, budgets: one category's figures: impact, amount with its rate, explained share, trend, spark line.

import {
  categoryInText,
  categoryName,
  dependsOnLoad,
  formatImpact,
  formatNumber,
  formatShare,
  UNKNOWN,
} from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import type { Category } from "../src/protocol/categories.ts";
import type { CategoryTotals, Report } from "../src/protocol/report.ts";
import { element, FigureView, setAttribute, setClass, setHidden, setText } from "./element.ts";
import { bytesFigure, type Figure, impact } from "./figures.ts";
import { glyph } from "./icons.ts";
import { type Dispatch, measured, type Part } from "./part.ts";
import { Spark } from "./spark.ts";
import type { Model } from "./state.ts";
import { trendOf } from "./trend.ts";
import { AMOUNT_WORD, systemName, timeWord } from "./words.ts";

export function makeTile(category: Category, key: number, dispatch: Dispatch): Part {
  const figure = new FigureView("impact");
  const amount = new FigureView("amount");
  const rate = element("span", "rate");
  const explainedShare = element("span");
  const explained = element("span", "explained", [
    explainedShare,
    element("span", "explained-word", [` ${t("explained")}`]),
  ]);
  const trend = element("span", "trend");
  const spark = new Spark();
  spark.root.classList.add(`of-${category}`);
  const root = element(
    "button",
    "tile",
    [
      element("span", "tile-name", [glyph(category), element("span", "", [categoryName(category)])]),
      explained,
      figure.root,
      spark.root,
      element("span", "tile-amount", [amount.root, rate]),
      trend,
    ],
    { type: "button", "aria-pressed": "false" },
  );
  root.addEventListener("click", () => dispatch({ type: "category", category }));

  return {
    root,
    show({ panel, ui }: Model) {
      const report = measured(panel);
      const totals = report?.totals[category] ?? null;
      setAttribute(root, "aria-pressed", `${ui.category === category}`);
      setClass(root, "others-pressed", ui.category !== null && ui.category !== category);
      const micros = totals?.impactMicrosPerRequest ?? null;
      figure.show(impact(micros), micros === null ? "" : ` ${t("µs/req")}`);
      setHidden(explained, totals === null || totals.explained === null);
      setAttribute(explained, "title", EXPLAINED[category]);
      setText(explainedShare, formatShare(totals?.explained ?? null));
      const shown =
        report === null || totals === null
          ? { figure: "", unit: AMOUNT_WORD[category] }
          : micros === null
            ? { figure: "", unit: t("not reported by {0}", systemName(report)) }
            : amountOf(category, totals, report);
      amount.show(shown.figure, shown.unit);
      const rated = report !== null && shown.unit === t("/req") && dependsOnLoad(category);
      const times = category === "copies" ? (report?.io?.copyAmplification ?? null) : null;
      const beside = rated
        ? ` ${t("at {0} req/s", formatNumber(report.requests.perSecond))}`
        : times === null
          ? ""
          : ` · ${formatNumber(times)} × I/O`;
      setText(rate, beside);
      setHidden(rate, beside === "");

      const change =
        panel === null || report === null || micros === null
          ? null
          : trendOf(panel.series, category, panel.scope.fromMs, panel.scope.toMs);
      setText(
        trend,
        change === null
          ? ""
          : change.steady
            ? t("steady")
            : `${change.change > 0 ? "↑" : "↓"}\u2009${formatShare(Math.abs(change.change))}`,
      );
      setAttribute(trend, "title", change === null ? null : t("Against the equal span before"));
      setAttribute(root, "title", titleOf(category, key, totals, report));
      const series = report === null ? undefined : panel?.series;
      spark.show(
        series?.atMs ?? [],
        series?.impact[category] ?? [],
        panel?.scope.fromMs ?? 0,
        panel?.scope.toMs ?? 0,
      );
    },
  };
}

/** What is held against the whole: docs/figures.md has how. */
const EXPLAINED: Readonly<Record<Category, string>> = {
  copies: t("Of all copied bytes, those with a line of yours or a dependency’s"),
  switches: t("Of the kernel’s switches, those whose cause is known"),
  allocations: t("Of all allocated bytes, those with a line or function of yours or a dependency’s"),
  locks: t("Of all waiting time, that whose holder is known by its line"),
};

function amountOf(category: Category, { count, perRequest }: CategoryTotals, { requests }: Report): Figure {
  if (category === "copies" || category === "allocations") {
    const { figure, unit } = bytesFigure(perRequest);
    return { figure, unit: unit === "" ? "" : `${unit}${t("/req")}` };
  }
  const each = category === "locks" ? (count === null ? null : count / requests.total) : perRequest;
  const figure = formatNumber(each);
  return { figure, unit: figure === UNKNOWN ? "" : t("/req") };
}

function titleOf(
  category: Category,
  key: number,
  totals: CategoryTotals | null,
  report: Report | null,
): string {
  const filter = t("Show only {0} in the hotspots ({1})", categoryInText(category), key);
  if (totals === null || report === null) return filter;
  const micros = totals.impactMicrosPerRequest;
  const first =
    micros === null
      ? t("not reported by {0}", systemName(report))
      : t(
          "{0} of {1} at {2} req/s",
          formatImpact(micros),
          timeWord(category),
          formatNumber(report.requests.perSecond),
        );
  const times = category === "copies" ? (report.io?.copyAmplification ?? null) : null;
  const moved = times === null ? "" : `\n${t("Copied {0} × what came in and went out", formatNumber(times))}`;
  return `${first}${moved}\n${filter}`;
}
