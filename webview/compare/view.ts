// Comparison, entry of its view: takes the state from the host, keeps what the reader chose, and shows both.

import "../language.ts";
import { t, useLocale } from "../../src/model/l10n.ts";
import { CATEGORIES } from "../../src/protocol/categories.ts";
import type { CompareState } from "../../src/protocol/comparePanel.ts";
import { element, setText } from "../element.ts";
import { makeKeyList } from "../keyList.ts";
import { makeCompareBar } from "./bar.ts";
import { makeCompareBudgets } from "./budgets.ts";
import { askForState, keepUi, keepUiAtRest, keptUi, onState } from "./host.ts";
import { COMPARE_KEYS } from "./keyWords.ts";
import { makeChanges } from "./list.ts";
import { makeMiddle } from "./middle.ts";
import { makeDifferences, makeFindings } from "./notices.ts";
import {
  type CompareAction,
  type CompareModel,
  type ComparePart,
  firstCompareModel,
  reduceCompare,
} from "./state.ts";
import { makeTables } from "./tables.ts";
import { makeCompareTimeLine } from "./timeLine.ts";

useLocale(navigator.language);
let model: CompareModel = firstCompareModel(keptUi());

const parts: readonly ComparePart[] = [
  makeCompareBar(),
  makeDifferences(),
  makeCompareBudgets(dispatch),
  makeMiddle(),
  makeCompareTimeLine(),
  makeFindings(),
  makeChanges(dispatch),
  makeTables(),
];
const announcer = element("div", "hidden", [], { role: "status" });
const page = element("main", "page compare", [
  element("h1", "hidden", [t("Darcy: two recordings compared")]),
  ...parts.map(({ root }) => root),
  announcer,
]);
const keyList = makeKeyList(COMPARE_KEYS);
(document.getElementById("app") ?? document.body).replaceChildren(page, keyList.root);
page.hidden = true;

function dispatch(action: CompareAction): void {
  const before = model;
  model = reduceCompare(model, action);
  if (model === before) return;
  const { state, ui } = model;
  // The host finds the two recordings by it again after a reload of the window.
  const keep = action.type === "scroll" ? keepUiAtRest : keepUi;
  if (state !== null) keep({ ...ui, before: state.before.path, after: state.after.path });
  if (action.type !== "scroll") draw();
}

function draw(): void {
  page.hidden = model.state === null;
  for (const part of parts) part.show(model);
  setText(announcer, announced(model.state));
}

function announced(state: CompareState | null): string {
  if (state === null) return "";
  if (state.phase !== "ready" || state.comparison === null) return state.error?.message ?? t("Comparing");
  const count = (verdict: string) =>
    state.comparison?.hotspots.filter((change) => change.verdict === verdict).length ?? 0;
  return t(
    "{0} and {1} compared: {2} lines cost more, {3} less",
    state.before.name,
    state.after.name,
    count("more"),
    count("less"),
  );
}

let restored = false;
onState(
  (state) => {
    dispatch({ type: "state", state });
    if (restored || state.comparison === null) return;
    restored = true;
    window.scrollTo(0, model.ui.scrollTop);
    window.addEventListener("scroll", () => dispatch({ type: "scroll", top: window.scrollY }), {
      passive: true,
    });
  },
  () => dispatch({ type: "state", state: OTHER_VERSION }),
);

const OTHER_VERSION: CompareState = {
  phase: "error",
  before: { path: "", name: "" },
  after: { path: "", name: "" },
  choices: [],
  fixed: true,
  comparison: null,
  series: null,
  omitted: 0,
  error: {
    message: t("This view belongs to another version of Darcy."),
    remedy: t("Close it and open it again."),
  },
};

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const types = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || types) return;
  if (keyList.take(event)) return;
  const category = /^[1-4]$/.test(event.key) ? CATEGORIES[Number(event.key) - 1] : undefined;
  if (event.key === "/") document.querySelector<HTMLInputElement>(".search input")?.focus();
  else if (category !== undefined) dispatch({ type: "category", category });
  else if (event.key === "Escape") dispatch({ type: "clearFilters" });
  else return;
  event.preventDefault();
});

askForState();
