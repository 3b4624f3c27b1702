// Panel, hotspots: the open row: who calls, who holds, what to do about it.

import {
  formatBytes,
  formatNumber,
  formatPerRequest,
  formatShare,
  isWaiting,
  UNKNOWN,
} from "../../src/model/format.ts";
import { formatPlace, formatSeen, stationOf } from "../../src/model/formatChains.ts";
import { keptWords, pauseWords } from "../../src/model/formatKept.ts";
import { lineWords, sizeWords } from "../../src/model/formatLine.ts";
import { BASIS_MEANING, formatHold, formatKeys, formatQueue } from "../../src/model/formatWaits.ts";
import type { ChainStation, Hotspot, Location, Report } from "../../src/protocol/report.ts";
import { element, KeyedChildren, setClass, setHidden, setText } from "../element.ts";
import { post } from "../host.ts";
import { type IconName, icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { functionName } from "../words.ts";
import { certaintyOf } from "./certainty.ts";
import { findingsAt } from "./findings.ts";
import { markdownOf } from "./markdown.ts";

export function makeDetails() {
  let shown: { hotspot: Hotspot; report: Report; scope: string } | null = null;

  const callers = element("ol", "callers");
  const frames = new KeyedChildren<FrameItem, FrameView>(callers, makeFrame, (view, item) => view.show(item));
  const left = element("div", "details-callers", [
    element("div", "details-head", [
      element("h3", "tab-name", ["Callers"]),
      element("span", "muted", ["heaviest stack"]),
    ]),
    callers,
  ]);

  const facts = element("dl", "facts");
  const factRows = new KeyedChildren<Fact, FactView>(facts, makeFact, (view, fact) => view.show(fact));
  const advice = element("ul", "advice");
  const adviceRows = new KeyedChildren<Advice, AdviceView>(advice, makeAdvice, (view, item) =>
    view.show(item),
  );
  const openSource = action("open", "Open", (event) => open(shown?.hotspot ?? null, event.altKey));
  const openHolder = action("holder", "Open holder", (event) =>
    open(shown?.hotspot.holder ?? null, event.altKey),
  );
  const copy = action("copy", "Copy as Markdown", () => {
    if (shown !== null) post({ type: "copy", text: markdownOf(shown.hotspot, shown.report, shown.scope) });
  });
  const right = element("div", "details-facts", [
    facts,
    advice,
    element("div", "actions", [openSource, openHolder, copy]),
  ]);
  const cell = element("div", "details-cell", [left, right], { role: "gridcell" });
  const root = element("div", "details", [cell], { role: "row", "aria-level": "2" });

  return {
    root,
    show(hotspot: Hotspot, report: Report, scope: string): void {
      shown = { hotspot, report, scope };
      root.dataset.category = hotspot.category;
      const stack = hotspot.stack.length > 0 ? hotspot.stack : [hotspot];
      frames.show(stack.map((location, depth) => [`${depth}`, { location, depth }]));
      factRows.show(factsOf(hotspot, report).map((fact) => [fact.name, fact]));
      const findings = findingsAt(hotspot, report.findings);
      adviceRows.show(
        findings.map(({ id, title, evidence, advice: text }) => [
          id,
          { title, text: [evidence, text].filter((part) => part !== "").join(" ") },
        ]),
      );
      setHidden(advice, findings.length === 0);
      setHidden(openSource, hotspot.file === "");
      setHidden(openHolder, hotspot.holder === null || hotspot.holder.file === "");
    },
  };
}

interface Fact {
  readonly name: string;
  readonly strong: string;
  readonly rest: string;
  readonly location: Location | null;
}

function factsOf(hotspot: Hotspot, report: Report): Fact[] {
  const facts: Fact[] = [];
  const waits = isWaiting(hotspot.category);
  if (waits) {
    const { holder } = hotspot;
    facts.push({
      name: "Held by",
      strong: holder === null ? UNKNOWN : functionName(holder.function),
      rest: holder === null ? ", the holder is not known" : "",
      location: holder,
    });
    facts.push(...waitFactsOf(hotspot));
  }
  const { callee, kind, category } = hotspot;
  if (callee === "") facts.push({ name: "Kind", strong: kind, rest: "", location: null });
  else
    facts.push({ name: waits ? "Waits in" : "Inside", strong: callee, rest: ` (${kind})`, location: null });
  const { total, perSecond } = report.requests;
  const times = total > 0 ? `, ${formatNumber(hotspot.count / total)} times` : "";
  const rest = category === "switches" || waits ? ` at ${formatNumber(perSecond)} req/s` : times;
  facts.push({ name: "Per request", strong: formatPerRequest(hotspot), rest, location: null });
  const [most, ...others] = hotspot.routes;
  if (most !== undefined) {
    const rest = others
      .map(({ method, route, share }) => `, ${formatShare(share)} ${method} ${route}`)
      .join("");
    facts.push({
      name: "Routes",
      strong: `${formatShare(most.share)} ${most.method} ${most.route}`,
      rest,
      location: null,
    });
  }
  facts.push(...chainFactsOf(hotspot, report));
  const basis = lineWords(hotspot);
  if (basis !== "") {
    const sizes = sizeWords(hotspot, total);
    facts.push({
      name: "Line",
      strong: basis,
      rest: sizes === "" ? "" : `; objects: ${sizes}`,
      location: null,
    });
  }
  for (const [name, strong] of [
    ["Kept", keptWords(hotspot)],
    ["Collections", pauseWords(hotspot)],
  ] as const)
    if (strong !== null) facts.push({ name, strong, rest: "", location: null });
  const sure = certaintyOf(hotspot);
  facts.push({ name: "Certainty", strong: sure.text, rest: `, ${sure.detail}`, location: null });
  return facts;
}

function waitFactsOf(hotspot: Hotspot): Fact[] {
  const { basis, releaser } = hotspot;
  const facts: Fact[] = [];
  const add = (name: string, strong: string | null, rest = "", location: Location | null = null) => {
    if (strong !== null) facts.push({ name, strong, rest, location });
  };
  add("Let in by", releaser === null ? null : functionName(releaser.function), "", releaser);
  add("Key", formatKeys(hotspot));
  add("Held for", formatHold(hotspot));
  add("Queue", formatQueue(hotspot));
  if (basis !== null) add("Seen as", basis, ` (${BASIS_MEANING[basis]})`);
  return facts;
}

/** The same data is copied before and after it. */
function chainFactsOf(hotspot: Hotspot, report: Report): Fact[] {
  const station = stationOf(hotspot, report.chains);
  if (station === null) return [];
  const { chain, before, after } = station;
  const [next] = after;
  const fact = (name: string, { callee, ...location }: ChainStation): Fact => ({
    name,
    strong: callee,
    rest: "",
    location: location.file === "" ? null : location,
  });
  return [
    {
      name: "In a chain",
      strong: formatPlace(station),
      rest: ` of the same data, ${formatBytes(chain.bytesPerRequest)} a request of ${chain.method} ${chain.route}, ${formatSeen(chain)}`,
      location: null,
    },
    ...(before === null ? [] : [fact("Copied before by", before)]),
    ...(next === undefined ? [] : [fact("Copied again by", next)]),
  ];
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

interface FrameItem {
  readonly location: Location;
  readonly depth: number;
}
interface FrameView {
  readonly root: HTMLElement;
  show(item: FrameItem): void;
}
/** Deeper stacks are not indented further: the names must stay readable. */
const MAX_INDENT = 8;
function makeFrame(): FrameView {
  const name = element("span", "function");
  const where = placeButton();
  const root = element("li", "frame", [name, where.root]);
  return {
    root,
    show({ location, depth }) {
      setText(name, functionName(location.function));
      root.dataset.depth = `${Math.min(depth, MAX_INDENT)}`;
      where.show(location);
    },
  };
}

function placeButton() {
  let location: Location | null = null;
  const view = new PlaceView();
  view.root.addEventListener("click", (event) => open(location, event.altKey));
  return {
    root: view.root,
    show(next: Location | null): void {
      location = next;
      view.show(next);
    },
  };
}

function action(name: IconName, text: string, act: (event: MouseEvent) => void): HTMLButtonElement {
  const button = element("button", "link", [icon(name), element("span", "", [text])], { type: "button" });
  button.addEventListener("click", act);
  return button;
}

function open(location: Pick<Location, "file" | "line" | "column"> | null, toSide: boolean): void {
  if (location === null || location.file === "") return;
  const { file, line, column } = location;
  post({ type: "open", location: { file, line, column }, toSide });
}
