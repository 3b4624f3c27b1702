// Panel: the two budgets, processor and waiting time, each over its tiles. A rule keeps them apart.

import { categoryName, isWaiting } from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import { CATEGORIES, type Category } from "../src/protocol/categories.ts";
import type { Report } from "../src/protocol/report.ts";
import { makeBudgetBar } from "./budgetBar.ts";
import { element, setAttribute, setHidden, setText } from "./element.ts";
import { impact } from "./figures.ts";
import { type Dispatch, measured, type Part } from "./part.ts";
import type { Model } from "./state.ts";
import { makeTile } from "./tile.ts";
import { OVER_BUDGET } from "./words.ts";

export function makeBudgets(dispatch: Dispatch): Part {
  const groups = [
    makeGroup(
      t("Processor time"),
      CATEGORIES.filter((category) => !isWaiting(category)),
      processorBudget,
      dispatch,
    ),
    makeGroup(t("Waiting time"), CATEGORIES.filter(isWaiting), waitingBudget, dispatch),
  ];
  const root = element(
    "section",
    "budgets",
    groups.map(({ root: group }) => group),
    { "aria-label": t("Budgets") },
  );
  return {
    root,
    show(model: Model) {
      for (const group of groups) group.show(model);
    },
  };
}

interface Budget {
  /** What the group's categories take, null when none of them is known. */
  readonly takenMicros: number | null;
  readonly wholeMicros: number | null;
  readonly unit: string;
  /** After the unit, where there is room. */
  readonly what: string;
  /** What it takes is priced by calibration, not by the clock. */
  readonly calibrated: boolean;
}

function processorBudget(report: Report): Budget {
  const parts = CATEGORIES.filter((category) => !isWaiting(category)).map(
    (category) => report.totals[category].impactMicrosPerRequest,
  );
  const known = parts.filter((part) => part !== null);
  return {
    takenMicros: known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0),
    wholeMicros: report.processorMicrosPerRequest,
    unit: ` ${t("µs/req")}`,
    what: "",
    calibrated: true,
  };
}

function waitingBudget(report: Report): Budget {
  return {
    takenMicros: report.totals.locks.impactMicrosPerRequest,
    wholeMicros: report.requests.meanMicros,
    unit: " µs",
    what: ` ${t("latency")}`,
    calibrated: false,
  };
}

function makeGroup(
  name: string,
  categories: readonly Category[],
  budgetOf: (report: Report) => Budget,
  dispatch: Dispatch,
): Part {
  const taken = element("span", "taken");
  const wholeFigure = element("span");
  const wholeUnit = element("span", "whole-unit");
  const wholeWhat = element("span", "whole-unit whole-what");
  const whole = element("span", "whole", [` ${t("of")} `, wholeFigure, wholeUnit, wholeWhat]);
  const bound = element("span", "bound", [t("at most")]);
  const heading = element("h2", "budget-head", [
    element("span", "section-name", [name]),
    " ",
    bound,
    " ",
    taken,
    whole,
  ]);
  const bar = makeBudgetBar(categories);
  const tiles = categories.map((category) => makeTile(category, CATEGORIES.indexOf(category) + 1, dispatch));
  const root = element("div", `budget ${categories.length === 1 ? "waiting" : "processor"}`, [
    heading,
    bar.root,
    element(
      "div",
      "tiles",
      tiles.map((tile) => tile.root),
    ),
  ]);
  return {
    root,
    show(model: Model) {
      const report = measured(model.panel);
      const budget = report === null ? null : budgetOf(report);
      setHidden(taken, budget === null);
      setHidden(whole, budget === null);
      setText(taken, impact(budget?.takenMicros ?? null));
      const all = budget?.wholeMicros ?? null;
      setText(wholeFigure, impact(all));
      setText(wholeUnit, budget?.unit ?? "");
      setText(wholeWhat, budget?.what ?? "");
      const over = budget !== null && exceeds(budget);
      setHidden(bound, !over);
      setAttribute(heading, "title", budget === null ? name : titleOf(name, budget));
      bar.show({
        partMicros: (category) => report?.totals[category].impactMicrosPerRequest ?? null,
        takenMicros: budget?.takenMicros ?? null,
        wholeMicros: all,
        label:
          budget === null
            ? t("{0}: unknown yet", name)
            : `${labelOf(name, categories, report, budget)}${over ? `. ${OVER_BUDGET}` : ""}`,
      });
      for (const tile of tiles) tile.show(model);
    },
  };
}

/** Prices were calibrated while the machine was quiet; a busy server may get the same for less. */
function exceeds({ takenMicros, wholeMicros, calibrated }: Budget): boolean {
  return calibrated && takenMicros !== null && wholeMicros !== null && takenMicros > wholeMicros;
}

function titleOf(name: string, budget: Budget): string {
  const { takenMicros, wholeMicros, unit, what } = budget;
  const figures = t("{0} {1} of {2}", name, impact(takenMicros), `${impact(wholeMicros)}${unit}${what}`);
  return exceeds(budget) ? `${figures}\n${OVER_BUDGET}` : figures;
}

function labelOf(
  name: string,
  categories: readonly Category[],
  report: Report | null,
  budget: Budget,
): string {
  const parts = categories.map(
    (category) =>
      `${categoryName(category)} ${impact(report?.totals[category].impactMicrosPerRequest ?? null)}`,
  );
  return t("{0}, microseconds a request: {1}, of {2}", name, parts.join(", "), impact(budget.wholeMicros));
}
