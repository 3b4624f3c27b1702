// Panel: what the reader should know before the figures, each a line under the bar.

import { busyPrices } from "../src/model/calibration.ts";
import { formatShare } from "../src/model/format.ts";
import { said, t } from "../src/model/l10n.ts";
import { messageWords } from "../src/model/messageWords.ts";
import { noticeWords } from "../src/model/noticeWords.ts";
import type { PanelState } from "../src/protocol/panel.ts";
import { element, KeyedChildren, setAttribute, setHidden, setText, toldApart } from "./element.ts";
import { plural } from "./figures.ts";
import { followedInPart, isSaidByPart } from "./followed.ts";
import { post } from "./host.ts";
import { icon } from "./icons.ts";
import { type NoticePlace, placeOf } from "./noticePlace.ts";
import { loopsBusy, measured, type Part } from "./part.ts";
import { PlaceView } from "./place.ts";
import type { Model } from "./state.ts";

/** Loops less busy than this do not bound the server. */
const BOUND_FROM = 0.3;
const SHOWN_AT_ONCE = 3;

/** What they tell of does not happen with one worker. */
const OF_SEVERAL_WORKERS: ReadonlySet<string> = new Set([
  "memory-sessions",
  "polling-clients",
  "web-sockets",
  "scheduled-jobs",
  "repeating-timer",
  "unix-socket",
  "crash-loop",
]);

interface Notice {
  readonly severity: string;
  readonly text: string;
  /** It offers to record again with one worker. */
  readonly single: boolean;
}

export function makeNotices(): Part {
  const list = element("ul", "notices");
  let all = false;
  let shownModel: Model | null = null;
  const more = element("button", "link", [], { type: "button" });
  more.addEventListener("click", () => {
    all = !all;
    if (shownModel !== null) show(shownModel);
  });
  const moreRow = element("li", "notice", [more]);
  const items = element("ul", "notice-items");
  const root = element("section", "notice-area", [items, list], { "aria-label": t("Notices") });
  list.append(moreRow);
  const keyed = new KeyedChildren<Notice, NoticeView>(
    items,
    () => makeNotice(),
    (view, notice) => {
      view.showText(notice.text);
      setAttribute(view.root, "data-severity", notice.severity);
      setHidden(view.single, !notice.single);
    },
  );

  function show(model: Model): void {
    shownModel = model;
    const notices = noticesOf(model);
    const visible = all ? notices : notices.slice(0, SHOWN_AT_ONCE);
    // Figures in it change, and it stays the same notice.
    keyed.show(toldApart(visible, ({ text }) => text.replace(/\d+/g, "#")));
    setHidden(list, notices.length <= SHOWN_AT_ONCE);
    setText(
      more,
      all
        ? t("Show fewer notices")
        : plural(notices.length - SHOWN_AT_ONCE, said("{0} more notice"), said("{0} more notices")),
    );
    setHidden(root, notices.length === 0);
  }
  return { root, show };
}

function noticesOf({ panel }: Model): Notice[] {
  const several = panel !== null && canRunSingle(panel);
  const notices: Notice[] = (panel?.report?.notices ?? []).map(({ code, severity, text }) => ({
    severity,
    text,
    single: several && OF_SEVERAL_WORKERS.has(code),
  }));
  const report = measured(panel);
  const busy = report === null ? null : loopsBusy(report);
  if (busy !== null && busy < BOUND_FROM)
    notices.unshift({
      severity: "info",
      text: t(
        "Not bound by processors here: loops {0} busy. Savings will not show in throughput.",
        formatShare(busy),
      ),
      single: false,
    });
  const part = report === null ? null : followedInPart(report);
  if (part !== null) notices.unshift({ severity: "info", text: part, single: false });
  const messages = report === null ? null : messageWords(report.requests);
  if (messages !== null) notices.unshift({ severity: "info", text: messages, single: false });
  const prices = busyPrices(report?.calibration ?? null);
  if (prices !== null) notices.unshift({ severity: "warning", text: prices, single: false });
  if (panel?.phase === "readOnly" && panel.hint !== undefined)
    notices.unshift({ severity: "info", text: panel.hint, single: false });
  // Of a saved recording whose figures stand: a span or a row that it has no answer for.
  if (panel?.phase === "readOnly" && panel.error !== null) {
    const { message, remedy } = panel.error;
    notices.unshift({ severity: "error", text: `${message} ${remedy}`, single: false });
  }
  const seen = new Set<string>();
  const isNew = (text: string) => !seen.has(text) && seen.add(text) && !(part !== null && isSaidByPart(text));
  // Of what is folded away nothing is graver than what shows.
  return notices.filter(({ text }) => isNew(text)).sort((a, b) => rankOf(a.severity) - rankOf(b.severity));
}

function rankOf(severity: string): number {
  return severity === "error" ? 0 : severity === "warning" ? 1 : 2;
}

/** Of a server that Darcy started on several workers. */
function canRunSingle({ phase, external, report }: PanelState): boolean {
  return (
    (phase === "waiting" || phase === "recording" || phase === "stopped") &&
    external !== true &&
    report !== null &&
    report.topology !== "single"
  );
}

interface NoticeView {
  readonly root: HTMLElement;
  readonly single: HTMLButtonElement;
  showText(text: string): void;
}
function makeNotice(): NoticeView {
  const before = element("span");
  const place = new PlaceView();
  const after = element("span");
  let named: NoticePlace | null = null;
  place.root.addEventListener("click", (event) => {
    if (named === null) return;
    const { file, line, column } = named.location;
    post({ type: "open", location: { file, line, column }, toSide: event.altKey });
  });
  const single = element("button", "link", [t("Run with one worker")], {
    type: "button",
    title: t("Record again with one worker, as the server runs without Darcy"),
  });
  single.addEventListener("click", () => post({ type: "action", action: "recordSingle" }));
  const words = element("span", "notice-words", [before, place.root, after, " ", single]);
  return {
    single,
    showText(text) {
      named = placeOf(text);
      const whole = noticeWords(text);
      const [head, ...tail] = named === null ? [whole] : whole.split(named.words);
      setText(before, head ?? "");
      place.show(named?.location ?? null, `\n${t("Open, to the side with Alt")}`);
      setText(after, tail.join(named?.words ?? ""));
    },
    root: element("li", "notice", [icon("info"), icon("warning"), icon("error"), words]),
  };
}
