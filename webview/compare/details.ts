// Comparison: an open row: the same site on either side, with what each measurement knows of it.

import {
  CATEGORY_NAME,
  formatCertainty,
  formatChange,
  formatNumber,
  formatPerRequest,
  formatShare,
  formatTime,
  UNKNOWN,
} from "../../src/model/format.ts";
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
      setChildren(cell, [tableOf(change, rates), actionsOf(change)]);
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
  const loaded = category === "switches" || category === "locks";
  const kind = category === "locks" ? "Waiting time" : "Processor time";
  const rows = [
    row(
      kind,
      both(({ impactMicrosPerRequest }) => `${impact(impactMicrosPerRequest)} µs/req`),
      `${formatChange(impactMicros.ratio)}${errorText(impactMicros.error, "µs/req")}`,
    ),
    // Of waits it is how many; the ratio is of their time, which comes next.
    row("A request", both(formatPerRequest), category === "locks" ? "" : formatChange(perRequest.ratio)),
    ...(category === "locks"
      ? [
          row(
            "Waited a request",
            both((spot) => formatTime(spot.perRequest)),
            formatChange(perRequest.ratio),
          ),
        ]
      : []),
    ...(loaded
      ? [
          row("At", [
            element("td", "", [`${formatNumber(rates.before)} req/s`]),
            element("td", "", [`${formatNumber(rates.after)} req/s`]),
          ]),
        ]
      : []),
    row(
      `Share of ${CATEGORY_NAME[category].toLowerCase()}`,
      both(({ share }) => formatShare(share)),
    ),
    row(
      "Certainty",
      both((spot) => `${formatCertainty(spot)}, ${plural(spot.samples, "sample")}`),
    ),
    row("Call site", both(placeOf)),
    ...(before?.holder == null && after?.holder == null
      ? []
      : [
          row(
            "Held by",
            both(({ holder }) => (holder === null ? UNKNOWN : placeOf(holder))),
          ),
        ]),
    ...(before?.hold == null && after?.hold == null
      ? []
      : [
          row(
            "Held for",
            both(({ hold }) => (hold === null ? UNKNOWN : `${formatTime(hold.meanMicros)} mean`)),
          ),
        ]),
    ...(before?.key == null && after?.key == null
      ? []
      : [
          row(
            "Key",
            both(({ key }) => key ?? UNKNOWN),
          ),
        ]),
  ];
  const head = ["", "Baseline", "Now", "Change"].map((text) => element("th", "", [text], { scope: "col" }));
  if (head[0] !== undefined) head[0].append(element("span", "hidden", ["Figure"]));
  return element("table", "pair-table", [
    element("caption", "hidden", ["This site on either side"]),
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
  view.show(location, "\nOpen, to the side with Alt");
  view.root.addEventListener("click", (event) => open(location, event.altKey));
  return view.root;
}

function open({ file, line, column }: Location, toSide: boolean): void {
  post({ type: "open", location: { file, line, column }, toSide });
}

function actionsOf(change: HotspotChange): HTMLElement {
  const copy = element("button", "link", [icon("copy"), "Copy as Markdown"], { type: "button" });
  copy.addEventListener("click", () => post({ type: "copy", text: changeMarkdown(change) }));
  return element("div", "actions", [copy]);
}

/** One line, for a review's comment. */
export function changeMarkdown({ before, after, category, impactMicros, verdict }: HotspotChange): string {
  const spot = after ?? before;
  if (spot === null) return "";
  const time = category === "locks" ? "waiting" : "processor";
  const sure = verdict === "unclear" ? "no clear change" : "clear";
  const side = (each: Hotspot | null) =>
    each === null ? UNKNOWN : `${impact(each.impactMicrosPerRequest)} µs/req (${formatPerRequest(each)})`;
  const ticked = (text: string) => `\`${text.replaceAll("`", "'")}\``;
  const callee = spot.callee === "" ? "" : ` → ${ticked(spot.callee)}`;
  return `${ticked(spot.function)} ${ticked(`${spot.file}:${spot.line}`)}${callee}, ${spot.kind}: ${side(before)} → ${side(after)} of ${time} time, ${formatChange(impactMicros.ratio)}, ${sure}\n`;
}
