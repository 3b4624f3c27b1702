// Panel, hotspots: the open row's right side: its facts, the advice, what can be done.

import { t } from "../../src/model/l10n.ts";
import type { Finding, Hotspot, Location, Report } from "../../src/protocol/report.ts";
import { siteRefOf } from "../../src/protocol/siteDetails.ts";
import { element, KeyedChildren, setClass, setHidden, setText, toldApart } from "../element.ts";
import { post } from "../host.ts";
import { type IconName, icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { type Fact, factsOf } from "./facts.ts";
import { findingsAt } from "./findings.ts";
import { markdownOf } from "./markdown.ts";

export interface ShownSite {
  readonly hotspot: Hotspot;
  readonly report: Report;
  /** What is copied is for others to read. */
  readonly englishFindings: readonly Finding[];
  readonly scope: string;
  readonly suppressed: boolean;
  /** Nobody keeps what is suppressed. */
  readonly fixed: boolean;
}

export function makeFactList() {
  let shown: ShownSite | null = null;
  const facts = element("dl", "facts");
  const factRows = new KeyedChildren<Fact, FactView>(facts, makeFact, (view, fact) => view.show(fact));
  const advice = element("ul", "advice");
  const adviceRows = new KeyedChildren<Advice, AdviceView>(advice, makeAdvice, (view, item) =>
    view.show(item),
  );
  const openSource = action("open", t("Open"), (event) => open(shown?.hotspot ?? null, event.altKey));
  const openHolder = action("holder", t("Open holder"), (event) =>
    open(shown?.hotspot.holder ?? null, event.altKey),
  );
  const copy = action("copy", t("Copy as Markdown"), () => {
    if (shown === null) return;
    const { hotspot, report, englishFindings: findings, scope } = shown;
    post({ type: "copy", text: markdownOf(hotspot, { ...report, findings }, scope) });
  });
  const suppress = action("suppress", "", () => {
    if (shown === null) return;
    post({ type: "suppress", site: siteRefOf(shown.hotspot), suppressed: !shown.suppressed });
  });
  const root = element("div", "details-facts", [
    facts,
    advice,
    element("div", "actions", [openSource.root, openHolder.root, copy.root, suppress.root]),
  ]);
  return {
    root,
    show(next: ShownSite): void {
      shown = next;
      const { hotspot, report, suppressed, fixed } = next;
      factRows.show(factsOf(hotspot, report).map((fact) => [fact.name, fact]));
      const findings = findingsAt(hotspot, report);
      adviceRows.show(
        toldApart(findings, ({ id }) => id).map(([key, { title, evidence, advice: text }]) => [
          key,
          { title, text: [evidence, text].filter((part) => part !== "").join(" ") },
        ]),
      );
      setHidden(advice, findings.length === 0);
      setHidden(openSource.root, hotspot.file === "");
      setHidden(openHolder.root, hotspot.holder === null || hotspot.holder.file === "");
      setText(suppress.label, suppressed ? t("Show again") : t("Suppress here"));
      setHidden(suppress.root, fixed);
    },
  };
}

interface FactView {
  readonly root: HTMLElement;
  show(fact: Fact): void;
}
function makeFact(name: string): FactView {
  const strong = element("span", "strong");
  const where = placeButton();
  const rest = element("span", "rest");
  const value = element("dd", "", [strong, where.root, rest]);
  const root = element("div", "fact", [element("dt", "", [name]), value]);
  return {
    root,
    show(fact) {
      setClass(value, "at-place", fact.location !== null);
      setText(strong, fact.strong);
      where.show(fact.location);
      setText(rest, fact.rest);
    },
  };
}

interface Advice {
  readonly title: string;
  readonly text: string;
}
interface AdviceView {
  readonly root: HTMLElement;
  show(advice: Advice): void;
}
function makeAdvice(): AdviceView {
  const title = element("strong");
  const text = element("span");
  return {
    root: element("li", "advice-item", [icon("bulb"), element("p", "", [title, " ", text])]),
    show(advice) {
      setText(title, /[.?]$/.test(advice.title) ? advice.title : `${advice.title}.`);
      setText(text, advice.text);
    },
  };
}

export function placeButton(attributes: Readonly<Record<string, string>> = {}) {
  let location: Location | null = null;
  const view = new PlaceView(attributes);
  view.root.addEventListener("click", (event) => open(location, event.altKey));
  return {
    root: view.root,
    show(next: Location | null): void {
      location = next;
      view.show(next);
    },
  };
}

function action(name: IconName, text: string, act: (event: MouseEvent) => void) {
  const label = element("span", "", [text]);
  const root = element("button", "link", [icon(name), label], { type: "button" });
  root.addEventListener("click", act);
  return { root, label };
}

export function open(location: Pick<Location, "file" | "line" | "column"> | null, toSide: boolean): void {
  if (location === null || location.file === "") return;
  const { file, line, column } = location;
  post({ type: "open", location: { file, line, column }, toSide });
}
