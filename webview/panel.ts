// Panel, entry: takes the state from the host, keeps what the reader chose, and shows both.

import "./language.ts";
import { hotspotKey } from "../src/model/formatOrder.ts";
import { t, useLocale } from "../src/model/l10n.ts";
import type { PanelState } from "../src/protocol/panel.ts";
import { siteName } from "../src/protocol/siteDetails.ts";
import { makeBar, phaseText } from "./bar.ts";
import { makeBudgets } from "./budgets.ts";
import { element, setClass, setText } from "./element.ts";
import { makeEmpty } from "./empty.ts";
import { makeFoot } from "./foot.ts";
import { askForState, keepUi, keptUi, onReveal, onState, post } from "./host.ts";
import { makeHotspots } from "./hotspots/list.ts";
import { listenForKeys } from "./keys.ts";
import { makeNotices } from "./notices.ts";
import { isSettling, type Part } from "./part.ts";
import { type Action, firstModel, type Model, onlyNewer, reduce } from "./state.ts";
import { makeTimeLine } from "./timeLine/timeLine.ts";
import { makeWorkers } from "./workers.ts";

useLocale(navigator.language);
let model: Model = firstModel(keptUi());
let drawing = 0;

let drawn: Model | null = null;

const parts: readonly Part[] = [
  makeBar(dispatch),
  makeNotices(),
  makeBudgets(dispatch),
  makeEmpty(dispatch),
  makeTimeLine(dispatch),
  makeHotspots(dispatch),
  makeWorkers(),
  makeFoot(dispatch),
];
const announcer = element("div", "hidden", [], { role: "status" });
const page = element("main", "page", [
  element("h1", "hidden", ["Darcy"]),
  ...parts.map(({ root }) => root),
  announcer,
]);
const app = document.getElementById("app") ?? document.body;
app.replaceChildren(page);

function dispatch(action: Action): void {
  const before = model;
  model = reduce(model, action);
  if (model === before) return;
  if (model.ui !== before.ui) keepUi(model.ui);
  if (model.paused !== before.paused) post({ type: "pauseView", paused: model.paused });
  if (action.type === "range" && action.known !== true) post({ type: "range", range: action.range });
  if (action.type === "scroll") return;
  // What the reader did shows at once; states from the host at most once a frame.
  if (action.type === "state") drawing ||= requestAnimationFrame(draw);
  else draw();
}

function draw(): void {
  cancelAnimationFrame(drawing);
  drawing = 0;
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

onReveal((site) => {
  const spot = model.panel?.report?.hotspots.find((one) => siteName(one) === siteName(site));
  if (spot === undefined) return;
  const suppressed = model.panel?.suppressed?.includes(siteName(site)) ?? false;
  dispatch({ type: "reveal", key: hotspotKey(spot), suppressed });
  document
    .querySelector(`.row[data-key="${CSS.escape(hotspotKey(spot))}"]`)
    ?.scrollIntoView({ block: "start" });
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

listenForKeys(dispatch, () => model);
page.hidden = true;
askForState();
