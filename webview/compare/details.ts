// Comparison: an open row: the same site on either side, with what each measurement knows of it.

import {
  categoryInText,
  dependsOnLoad,
  formatCertainty,
  formatChange,
  formatNumber,
  formatPerRequest,
  formatShare,
  formatTime,
  UNKNOWN,
} from "../../src/model/format.ts";
import { inEnglish, said, t } from "../../src/model/l10n.ts";
import type { HotspotChange } from "../../src/protocol/comparison.ts";
import type { Hotspot, Location } from "../../src/protocol/report.ts";
import { element, setChildren } from "../element.ts";
import { impact, plural } from "../figures.ts";
import { icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { post } from "./host.ts";

export interface ChangeRates {
  readonly before: number;
  readonly after: number;
}

export function makeChangeDetails() {
  const cell = element("div", "change-details-cell", [], { role: "gridcell" });
  const root = element("div", "details", [cell], { role: "row" });
  let drawn: HotspotChange | null = null;
  return {
    root,
    show(change: HotspotChange, rates: ChangeRates): void {
      if (drawn === change) return;
      drawn = change;
      root.dataset.category = change.category;
      setChildren(cell, [tableOf(change, rates), actionsOf(change, rates)]);
    },
  };
}

function tableOf(change: HotspotChange, rates: ChangeRates): HTMLElement {
  const { before, after, category, impactMicros, perRequest } = change;
  const both = (of: (spot: Hotspot) => Node | string) =>
    [before, after].map((spot) => element("td", "", [spot === null ? UNKNOWN : of(spot)]));
  const row = (name: string, cells: readonly HTMLElement[], last = "") =>
    element("tr", "", [
      element("th", "", [name], { scope: "row" }),
      ...cells,
      element("td", "muted", [last]),
    ]);
  const kind = category === "locks" ? t("Waiting time") : t("Processor time");
  const rows = [
    row(
      kind,
      both(({ impactMicrosPerRequest }) => t("{0} µs/req", impact(impactMicrosPerRequest))),
      `${formatChange(impactMicros.ratio)}${errorText(impactMicros.error, t("µs/req"))}`,
    ),
    // Of waits it is how many; the ratio is of their time, which comes next.
    row(t("A request"), both(formatPerRequest), category === "locks" ? "" : formatChange(perRequest.ratio)),
    ...(category === "locks"
      ? [
          row(
            t("Waited a request"),
            both((spot) => formatTime(spot.perRequest)),
            formatChange(perRequest.ratio),
          ),
        ]
      : []),
    ...(dependsOnLoad(category)
      ? [
          row(t("At"), [
            element("td", "", [t("{0} req/s", formatNumber(rates.before))]),
            element("td", "", [t("{0} req/s", formatNumber(rates.after))]),
          ]),
        ]
      : []),
    row(
      t("Share of {0}", categoryInText(category)),
      both(({ share }) => formatShare(share)),
    ),
    row(
      t("Certainty"),
      both(
        (spot) =>
          `${formatCertainty(spot)}, ${plural(spot.samples, said("{0} sample"), said("{0} samples"))}`,
      ),
    ),
    row(t("Call site"), both(placeOf)),
    ...(before?.holder == null && after?.holder == null
      ? []
      : [
          row(
            t("Held by"),
            both(({ holder }) => (holder === null ? UNKNOWN : placeOf(holder))),
          ),
        ]),
    ...(before?.hold == null && after?.hold == null
      ? []
      : [
          row(
            t("Held for"),
            both(({ hold }) => (hold === null ? UNKNOWN : t("{0} mean", formatTime(hold.meanMicros)))),
          ),
        ]),
    ...(before?.key == null && after?.key == null
      ? []
      : [
          row(
            t("Key"),
            both(({ key }) => key ?? UNKNOWN),
          ),
        ]),
  ];
  const head = ["", t("Baseline"), t("Now"), t("Change")].map((text) =>
    element("th", "", [text], { scope: "col" }),
  );
  if (head[0] !== undefined) head[0].append(element("span", "hidden", [t("Figure")]));
  return element("table", "pair-table", [
    element("caption", "hidden", [t("This site on either side")]),
    element("thead", "", [element("tr", "", head)]),
    element("tbody", "", rows),
  ]);
}

function errorText(error: number | null, unit: string): string {
  return error === null ? "" : ` ± ${formatNumber(error)} ${unit}`;
}

function placeOf(location: Location): HTMLElement | string {
  if (location.file === "") return UNKNOWN;
  const view = new PlaceView();
  view.show(location, `\n${t("Open, to the side with Alt")}`);
  view.root.addEventListener("click", (event) => open(location, event.altKey));
  return view.root;
}

function open({ file, line, column }: Location, toSide: boolean): void {
  post({ type: "open", location: { file, line, column }, toSide });
}

function actionsOf(change: HotspotChange, rates: ChangeRates): HTMLElement {
  const copy = element("button", "link", [icon("copy"), t("Copy as Markdown")], { type: "button" });
  copy.addEventListener("click", () => post({ type: "copy", text: changeMarkdown(change, rates) }));
  return element("div", "actions", [copy]);
}

/** One line, for a review's comment: in English, as whoever reads it may have another language. */
export function changeMarkdown(change: HotspotChange, rates: ChangeRates): string {
  return inEnglish(() => lineOf(change, rates));
}

function lineOf(
  { before, after, category, impactMicros, verdict }: HotspotChange,
  rates: ChangeRates,
): string {
  const spot = after ?? before;
  if (spot === null) return "";
  const time = category === "locks" ? "waiting" : "processor";
  const sure = verdict === "unclear" ? t("no clear change") : t("clear");
  const side = (each: Hotspot | null) =>
    each === null
      ? UNKNOWN
      : t("{0} µs/req ({1})", impact(each.impactMicrosPerRequest), formatPerRequest(each));
  const rate = dependsOnLoad(category)
    ? ` at ${formatNumber(rates.before)} → ${formatNumber(rates.after)} req/s`
    : "";
  const ticked = (text: string) => `\`${text.replaceAll("`", "'")}\``;
  const callee = spot.callee === "" ? "" : ` → ${ticked(spot.callee)}`;
  return `${ticked(spot.function)} ${ticked(`${spot.file}:${spot.line}`)}${callee}, ${spot.kind}: ${side(before)} → ${side(after)} of ${time} time${rate}, ${formatChange(impactMicros.ratio)}, ${sure}\n`;
}
