// Comparison, the bar: which two, the rates and latencies of both, swap, as Markdown, as a page.

import { formatNumber } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { ComparedFile } from "../../src/protocol/comparePanel.ts";
import type { Change } from "../../src/protocol/comparison.ts";
import { element, setAttribute, setHidden, setText } from "../element.ts";
import { type Figure, split, timeFigure } from "../figures.ts";
import { type IconName, icon } from "../icons.ts";
import { post } from "./host.ts";
import type { CompareModel, ComparePart } from "./state.ts";

export function makeCompareBar(): ComparePart {
  const before = makeSide(t("Baseline"));
  const after = makeSide(t("Now"));
  const choose = (old: string, now: string) => post({ type: "choose", before: old, after: now });
  before.select.addEventListener("change", () => choose(before.select.value, after.select.value));
  after.select.addEventListener("change", () => choose(before.select.value, after.select.value));
  const rate = makeStat("");
  const p50 = makeStat("p50 ");
  const p99 = makeStat("p99 ");
  p99.root.title = t("What of it is chance is not known");
  const stats = element("div", "stats", [rate.root, p50.root, p99.root]);
  const swap = control("swap", t("Swap the two"));
  swap.addEventListener("click", () => choose(after.select.value, before.select.value));
  const markdown = control("document", t("Show as Markdown"));
  markdown.addEventListener("click", () => post({ type: "markdown" }));
  const page = control("export", t("Export as a web page"));
  page.addEventListener("click", () => post({ type: "export" }));
  const controls = element("div", "controls", [swap, markdown, page]);
  const root = element("header", "bar compare-bar", [
    element("div", "state", [
      icon("compare"),
      element("span", "phase", [t("Compare")]),
      before.root,
      icon("arrow", 14),
      after.root,
    ]),
    stats,
    controls,
  ]);
  return {
    root,
    show({ state }: CompareModel) {
      if (state === null) return;
      before.show(state.before, state.choices);
      after.show(state.after, state.choices);
      setHidden(controls, state.fixed || state.phase === "choosing");
      markdown.disabled = state.comparison === null;
      page.disabled = state.comparison === null;
      setHidden(stats, state.comparison === null);
      if (state.comparison === null) return;
      const { perSecond, p50Micros, p99Micros } = state.comparison.requests;
      rate.show(perSecond, (value) => split(t("{0} req/s", formatNumber(value))));
      p50.show(p50Micros, timeFigure);
      p99.show(p99Micros, timeFigure);
    },
  };
}

/** A list where another one can be chosen, else the name. */
function makeSide(name: string) {
  const select = element("select", "select side-select", [], { "aria-label": t("{0}: recording", name) });
  const fixed = element("span", "side-name");
  const word = element("span", "muted side-word", [`${name} `]);
  const root = element("span", "side", [word, select, fixed]);
  return {
    root,
    select,
    show(file: ComparedFile, choices: readonly ComparedFile[]): void {
      const known = choices.some(({ path }) => path === file.path) ? choices : [file, ...choices];
      const chooses = choices.length >= (file.path === "" ? 1 : 2);
      setHidden(select, !chooses);
      setHidden(fixed, chooses);
      setText(fixed, file.name);
      setAttribute(fixed, "title", file.path);
      setAttribute(select, "title", file.path);
      const same =
        select.options.length === known.length &&
        known.every(({ path, name: text }, at) => {
          const option = select.options[at];
          return option?.value === path && option.text === text;
        });
      if (!same)
        select.replaceChildren(
          ...known.map(({ path, name: text }) => element("option", "", [text], { value: path })),
        );
      if (select.value !== file.path) select.value = file.path;
    },
  };
}

function makeStat(name: string) {
  const number = element("span", "number");
  const unit = element("span", "unit");
  const was = element("span", "was");
  const root = element("span", "stat", [name, number, unit, was]);
  return {
    root,
    show({ before, after }: Change, format: (value: number | null) => Figure): void {
      const now = format(after);
      const old = format(before);
      setText(number, now.figure);
      setText(unit, now.unit);
      // The unit stands once, where it is the same.
      setText(was, `, ${t("was {0}", `${old.figure}${old.unit === now.unit ? "" : old.unit}`)}`);
    },
  };
}

function control(name: IconName, text: string): HTMLButtonElement {
  return element("button", "button plain", [icon(name)], { type: "button", title: text, "aria-label": text });
}
