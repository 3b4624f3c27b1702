// Panel, entry: takes the state from the host, keeps what the reader chose, and shows both.

import "./language.ts";
import { hotspotKey } from "../src/model/formatOrder.ts";
import { t, useLocale } from "../src/model/l10n.ts";
import { unpackHotspots } from "../src/protocol/hotspotTable.ts";
import type { PanelState } from "../src/protocol/panel.ts";
import { siteName } from "../src/protocol/siteDetails.ts";
import { makeBar, phaseText } from "./bar.ts";
import { barBottom } from "./barBottom.ts";
import { makeBudgets } from "./budgets.ts";
import { element, setClass, setText } from "./element.ts";
import { makeEmpty } from "./empty.ts";
import { makeFoot } from "./foot.ts";
import { askForState, keepUi, keepUiAtRest, keptUi, onHold, onReveal, onState, post } from "./host.ts";
import { makeHotspots } from "./hotspots/list.ts";
import { makeKeyList } from "./keyList.ts";
import { listenForKeys } from "./keys.ts";
import { PANEL_KEYS } from "./keyWords.ts";
import { makeNotices } from "./notices.ts";
import { reducedMotion } from "./palette.ts";
import { isSettling, type Part } from "./part.ts";
import { type Action, comesByItself, firstModel, type Model, onlyNewer, reduce } from "./state.ts";
import { makeTimeLine } from "./timeLine/timeLine.ts";
import { makeWorkers } from "./workers.ts";

const SECOND = 1000;

useLocale(navigator.language);
let model: Model = firstModel(keptUi());
let drawing = 0;
let waiting = 0;

let drawn: Model | null = null;
let drawnAt = 0;

const keyList = makeKeyList(PANEL_KEYS);
const parts: readonly Part[] = [
  makeBar(dispatch),
  makeNotices(),
  makeBudgets(dispatch),
  makeEmpty(dispatch),
  makeTimeLine(dispatch),
  makeHotspots(dispatch),
  makeWorkers(),
  makeFoot(dispatch, keyList.open),
];
const announcer = element("div", "hidden", [], { role: "status" });
const page = element("main", "page", [
  element("h1", "hidden", ["Darcy"]),
  ...parts.map(({ root }) => root),
  announcer,
]);
const app = document.getElementById("app") ?? document.body;
app.replaceChildren(page, keyList.root);

function dispatch(action: Action): void {
  const before = model;
  model = reduce(model, action);
  if (model === before) return;
  if (model.ui !== before.ui) (action.type === "scroll" ? keepUiAtRest : keepUi)(model.ui);
  if (model.paused !== before.paused) post({ type: "pauseView", paused: model.paused });
  if (action.type === "range" && action.known !== true) post({ type: "range", range: action.range });
  if (action.type === "scroll") return;
  // What the reader did shows at once; states from the host at most once a frame.
  if (action.type === "state") drawSoon();
  else draw();
}

/** Under reduced motion what comes by itself moves once a second. */
function drawSoon(): void {
  const steps = reducedMotion() && drawn !== null && comesByItself(drawn, model);
  const pause = steps ? drawnAt + SECOND - performance.now() : 0;
  if (pause > 0) waiting ||= window.setTimeout(draw, pause);
  else drawing ||= requestAnimationFrame(draw);
}

function draw(): void {
  cancelAnimationFrame(drawing);
  clearTimeout(waiting);
  drawing = waiting = 0;
  drawnAt = performance.now();
  page.hidden = model.panel === null;
  setClass(page, "is-settling", isSettling(model.panel));
  setClass(page, "is-paused", model.paused);
  const glance = drawn !== null && onlyNewer(drawn, model);
  drawn = model;
  for (const part of parts) if (!glance || part.glances === true) part.show(model);
  // Changes of state only: figures that change four times a second must not be read out.
  setText(announcer, phaseText(model.panel, model.paused));
}

let restored = false;
onState(
  (state) => {
    dispatch({ type: "state", state });
    if (restored) return;
    restored = true;
    restoreRange(state);
    const { scrollTop } = model.ui;
    draw();
    window.scrollTo(0, scrollTop);
    window.addEventListener("scroll", () => dispatch({ type: "scroll", top: window.scrollY }), {
      passive: true,
    });
  },
  () => dispatch({ type: "state", state: OTHER_VERSION }),
);

onHold(() => dispatch({ type: "pause", paused: true }));

onReveal((site) => {
  const { report = null, others = null } = model.panel ?? {};
  // The line above a function may lead to one that is far down the list.
  const rest = others === null ? [] : unpackHotspots(others, (file) => file === site.file);
  const spot = [...(report?.hotspots ?? []), ...rest].find((one) => siteName(one) === siteName(site));
  if (spot === undefined) return;
  const suppressed = model.panel?.suppressed?.includes(siteName(site)) ?? false;
  dispatch({ type: "reveal", key: hotspotKey(spot), suppressed });
  const row = document.querySelector(`.row[data-key="${CSS.escape(hotspotKey(spot))}"]`);
  if (row === null) return;
  // Below the bar, and above as much of its details as there is room for.
  window.scrollBy({ top: row.getBoundingClientRect().top - barBottom(), behavior: "instant" });
});

/** A live recording's span is kept by the host; that of a file only here, and another recording's is of no use. */
function restoreRange(state: PanelState): void {
  const { range } = model.ui;
  if (state.phase !== "readOnly") dispatch({ type: "range", range: state.range, known: true });
  else if (range !== null) dispatch({ type: "range", range });
}

const OTHER_VERSION: PanelState = {
  phase: "error",
  title: "",
  url: null,
  elapsedMs: 0,
  scope: { fromMs: 0, toMs: 0, label: "" },
  scopeSeconds: 0,
  range: null,
  report: null,
  series: {
    stepMs: 1000,
    atMs: [],
    requestsPerSecond: [],
    impact: { copies: [], switches: [], allocations: [], locks: [] },
    marks: [],
  },
  loadRunning: false,
  error: {
    message: t("This panel belongs to another version of Darcy."),
    remedy: t("Close it and open it again."),
    action: null,
  },
};

listenForKeys(dispatch, () => model, keyList);
page.hidden = true;
askForState();
