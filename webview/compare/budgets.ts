// Comparison: the two budgets over their tiles: now, change, was, and whether the change is clear.

import {
  categoryName,
  dependsOnLoad,
  formatChange,
  formatNumber,
  formatShare,
  isWaiting,
  UNKNOWN,
} from "../../src/model/format.ts";
import { formatAmount, verdictWords } from "../../src/model/formatComparison.ts";
import { t } from "../../src/model/l10n.ts";
import { CATEGORIES, type Category } from "../../src/protocol/categories.ts";
import type { CategoryChange, Comparison } from "../../src/protocol/comparison.ts";
import { makeBudgetBar } from "../budgetBar.ts";
import { around, element, FigureView, setAttribute, setClass, setHidden, setText } from "../element.ts";
import { type Figure, impact, split } from "../figures.ts";
import { glyph, icon } from "../icons.ts";
import { timeWord } from "../words.ts";
import type { CompareDispatch, CompareModel, ComparePart } from "./state.ts";

const PROCESSOR = CATEGORIES.filter((category) => !isWaiting(category));
const WAITING = CATEGORIES.filter(isWaiting);

export function makeCompareBudgets(dispatch: CompareDispatch): ComparePart {
  const groups = [
    makeGroup(t("Processor time"), PROCESSOR, dispatch),
    makeGroup(t("Waiting time"), WAITING, dispatch),
  ];
  const root = element(
    "section",
    "budgets",
    groups.map(({ root: group }) => group),
    { "aria-label": t("Budgets") },
  );
  return {
    root,
    show(model: CompareModel) {
      setHidden(root, model.state?.comparison == null);
      for (const group of groups) group.show(model);
    },
  };
}

type Side = "before" | "after";

function takenOf({ totals }: Comparison, categories: readonly Category[], side: Side): number | null {
  const known = categories
    .map((category) => totals[category].impactMicros[side])
    .filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

function makeGroup(name: string, categories: readonly Category[], dispatch: CompareDispatch): ComparePart {
  const waiting = categories === WAITING;
  const taken = element("span", "taken");
  const rest = element("span", "whole");
  const bar = makeBudgetBar(categories);
  const tiles = categories.map((category) => makeTile(category, dispatch));
  const root = element("div", `budget ${waiting ? "waiting" : "processor"}`, [
    element("h2", "budget-head", [element("span", "section-name", [name]), " ", taken, rest]),
    bar.root,
    element(
      "div",
      "tiles",
      tiles.map((tile) => tile.root),
    ),
  ]);
  return {
    root,
    show(model: CompareModel) {
      const comparison = model.state?.comparison ?? null;
      if (comparison === null) return;
      const { processorMicros, requests } = comparison;
      const whole = waiting ? requests.meanMicros : processorMicros;
      const [now, was] = [
        takenOf(comparison, categories, "after"),
        takenOf(comparison, categories, "before"),
      ];
      setText(taken, impact(now));
      const unit = waiting ? t("µs latency") : t("µs/req");
      setText(
        rest,
        ` ${t("of {0} {1}, was {2} of {3}", impact(whole.after), unit, impact(was), impact(whole.before))}`,
      );
      const partMicros = (category: Category) => comparison.totals[category].impactMicros.after;
      const parts = categories.map((category) => `${categoryName(category)} ${impact(partMicros(category))}`);
      bar.show({
        partMicros,
        takenMicros: now,
        wholeMicros: whole.after,
        label: t("{0} now, microseconds a request: {1}, of {2}", name, parts.join(", "), impact(whole.after)),
      });
      for (const tile of tiles) tile.show(model);
    },
  };
}

function makeTile(category: Category, dispatch: CompareDispatch): ComparePart {
  const verdict = element("span", "explained");
  const figure = new FigureView("impact");
  const change = element("span", "number");
  const worse = element("span", "change-of", [icon("warning", 14), change]);
  const was = new FigureView("was-impact");
  const amount = element("span", "tile-change");
  const rate = element("span", "tile-rate");
  const root = element(
    "button",
    "tile compare-tile",
    [
      element("span", "tile-name", [glyph(category), element("span", "", [categoryName(category)])]),
      verdict,
      figure.root,
      worse,
      element("span", "tile-was", around(t("was {0}"), was.root)),
      amount,
      rate,
    ],
    { type: "button", "aria-pressed": "false" },
  );
  root.addEventListener("click", () => dispatch({ type: "category", category }));
  return {
    root,
    show({ state, ui }: CompareModel) {
      const comparison = state?.comparison ?? null;
      if (comparison === null) return;
      const { impactMicros, perRequest, events } = comparison.totals[category];
      setAttribute(root, "aria-pressed", `${ui.category === category}`);
      const { perSecond } = comparison.requests;
      setText(verdict, verdictOf(comparison.totals[category]));
      figure.show(impact(impactMicros.after), impactMicros.after === null ? "" : ` ${t("µs/req")}`);
      const { before, after, ratio } = impactMicros;
      setText(change, before === 0 && (after ?? 0) > 0 ? t("new") : formatChange(ratio));
      setClass(worse, "is-more", perRequest.verdict === "more");
      was.show(impact(impactMicros.before), impactMicros.before === null ? "" : " µs");
      // Of locks the amount is the time, which the impact shows: here it is how often.
      const shown = category === "locks" ? events : perRequest;
      const format = (value: number | null) =>
        split(category === "locks" ? formatNumber(value) : formatAmount(category, value));
      setText(amount, amountText(format(shown.after), format(shown.before)));
      const rated = dependsOnLoad(category);
      setText(
        rate,
        rated
          ? t("at {0} req/s, was {1}", formatNumber(perSecond.after), formatNumber(perSecond.before))
          : "",
      );
      setAttribute(root, "title", titleOf(category, comparison));
    },
  };
}

/** A change is judged by amounts, which have no price; the large figure has one. */
function verdictOf({ perRequest, impactMicros }: CategoryChange): string {
  const words = verdictWords(perRequest);
  return perRequest.verdict !== "unclear" && impactMicros.verdict === "unclear"
    ? t("amount {0}", words)
    : words;
}

/** The unit stands once, where it is the same. */
function amountText(now: Figure, old: Figure): string {
  if (now.figure === UNKNOWN && old.figure === UNKNOWN) return t("not reported");
  const unit = now.figure === UNKNOWN ? "" : `${now.unit}${t("/req")}`;
  return t("{0}, was {1}", `${now.figure}${unit}`, `${old.figure}${old.unit === now.unit ? "" : old.unit}`);
}

function titleOf(category: Category, { totals }: Comparison): string {
  const { perRequest } = totals[category];
  const { error, before } = perRequest;
  const share = error === null || before === null || before <= 0 ? null : error / before;
  const sure =
    share === null
      ? t("What of the change is chance is not known")
      : t("Change of the amount within ± {0} (95 %)", formatShare(share));
  return t("{0}, {1}. {2}.\nShow only these in the list", categoryName(category), timeWord(category), sure);
}
