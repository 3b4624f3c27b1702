// Page: the panel's host where there is no VS Code: a report as one file, in any browser. Runs before the panel's own script, shows
// it the figures that the page holds, and has spans and open rows computed in a worker.

import { PAGE_DATA, type PageShown } from "../protocol/pageData.ts";
import { type FromPanel, PANEL_VERSION, type PanelState, type ToPanel } from "../protocol/panel.ts";
import { siteName } from "../protocol/siteDetails.ts";
import type { ShownFigures } from "../recording/analysis/messages.ts";
import { PANEL_IDLE } from "../recording/idle.ts";
import { SpanAnswers } from "../recording/spanAnswers.ts";
import { answerView, openInEditor, pageRead, textIn, title } from "./browser.ts";
import { Damaged, Spans } from "./spans.ts";
import { unpack } from "./unpack.ts";

const DAMAGED = {
  message: "The recording in this page is damaged.",
  remedy: "Make the page again.",
  action: null,
};
const NOT_COMPUTED = {
  message: "The browser does not let this page compute anything.",
  remedy: "Save the page and open it from disk.",
  action: null,
};

/** Of the recording. */
let elapsedMs = 0;
/** There are hotspots beyond the report's that are not read yet. */
let othersFollow = false;
/** What the page holds could not be read. */
let fault: unknown = null;
/** For as long as the page is open. */
const suppressed = new Set<string>();
let spans: Promise<Spans> | null = null;
let sending = false;
const answers = new SpanAnswers(started, { changed: sendSoon, failed: () => {} });
const shown = show();

answerView(answer);

async function show(): Promise<ShownFigures | null> {
  try {
    const { more, ...from } = (await unpack(textIn(PAGE_DATA.shown)).json()) as PageShown;
    const { report, series, scope } = from;
    const figures = { report, series, scope, others: null, texts: null };
    answers.setWhole(figures);
    ({ elapsedMs } = from);
    othersFollow = more;
    return figures;
  } catch {
    fault = new Damaged();
    return null;
  }
}

/** The recording comes after all else in the page, and takes its time: no wish has to wait for all of it. */
async function readRecording(figures: ShownFigures): Promise<void> {
  try {
    const recording = await started();
    if (!othersFollow) return;
    const { others } = await recording.ask("figures", { range: null });
    answers.setWhole({ ...figures, others });
  } catch (error) {
    fault = error;
  }
  othersFollow = false;
  sendSoon();
}

function started(): Promise<Spans> {
  spans ??= pageRead().then(() => new Spans(textIn(PAGE_DATA.worker), textIn(PAGE_DATA.recording)));
  return spans;
}

async function answer(message: FromPanel): Promise<void> {
  switch (message.type) {
    case "ready": {
      const figures = await shown;
      sendSoon();
      if (figures !== null) afterPaint(() => void readRecording(figures));
      return;
    }
    case "range":
      return answers.setRange(message.range);
    case "scope":
      return answers.setRange(null);
    case "details":
      return answers.setDetails(message.wanted);
    case "suppress":
      if (message.suppressed) suppressed.add(siteName(message.site));
      else suppressed.delete(siteName(message.site));
      return sendSoon();
    case "copy":
      return navigator.clipboard.writeText(message.text);
    case "open":
      return openInEditor(message.location);
  }
}

/** Once, as it is then. Not as a message: that would copy all hotspots, and the panel would take them for others. */
function sendSoon(): void {
  if (sending) return;
  sending = true;
  setTimeout(() => {
    sending = false;
    const data: ToPanel = { type: "state", version: PANEL_VERSION, sequence: 0, state: stateNow() };
    window.dispatchEvent(new MessageEvent("message", { data }));
  });
}

/** What was sent is drawn with the next frame. */
function afterPaint(act: () => void): void {
  setTimeout(() => requestAnimationFrame(() => setTimeout(act)));
}

function stateNow(): PanelState {
  const { figures, range } = answers;
  const failure = answers.failure ?? fault;
  if (figures === null) return { ...PANEL_IDLE, phase: "error", title, error: DAMAGED };
  const { report, series, scope, others } = figures;
  return {
    ...PANEL_IDLE,
    phase: "readOnly",
    title,
    elapsedMs,
    scopeSeconds: 0,
    range,
    report,
    series,
    scope,
    others,
    othersFollow: othersFollow && range === null,
    details: answers.details,
    suppressed: [...suppressed],
    error: failure === null ? null : failure instanceof Damaged ? DAMAGED : NOT_COMPUTED,
  };
}
