// Panel, hotspots: the row of one site, or of a group of them.

import {
  categoryName,
  dependsOnLoad,
  formatCount,
  formatImpact,
  formatNumber,
  formatPerRequest,
  isWaiting,
  shareInText,
} from "../../src/model/format.ts";
import { said, t } from "../../src/model/l10n.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import {
  element,
  FigureView,
  setAttribute,
  setChildren,
  setClass,
  setHidden,
  setStyle,
  setText,
} from "../element.ts";
import { impact, plural, shareFigure, split } from "../figures.ts";
import { glyph, icon } from "../icons.ts";
import { PlaceView } from "../place.ts";
import { timeWord } from "../words.ts";
import { certaintyOf } from "./certainty.ts";
import type { Item } from "./ranking.ts";
import { groupWords, siteWords } from "./rowWords.ts";
import { Spread } from "./spread.ts";

export interface RowView {
  readonly root: HTMLElement;
  show(item: Item, report: Report, scaleMicros: number, open: boolean): void;
}

export function makeRow(): RowView {
  const bar = element("span", "impact-bar");
  const figure = element("span", "cell cell-impact", [], { role: "gridcell" });
  const narrowUnit = element("span", "unit narrow-only", [" µs"]);
  const figureText = element("span", "number");
  figure.append(figureText, narrowUnit);
  const glyphSlot = element("span", "glyph-slot");
  const kind = element("span", "kind");
  const name = element("span", "function");
  const narrowKind = element("span", "narrow-note narrow-kind");
  const where = new PlaceView({ tabindex: "-1" });
  const calleeName = element("span", "callee-name");
  const callee = element("span", "callee", [icon("arrow", 10), calleeName]);
  const narrowAmount = element("span", "narrow-note");
  const narrowSure = element("span", "narrow-note narrow-sure");
  const site = element(
    "span",
    "cell cell-site",
    [name, element("span", "second", [narrowKind, where.root, narrowAmount, narrowSure]), callee],
    { role: "gridcell" },
  );
  const amount = new FigureView();
  const share = new FigureView();
  const certainty = element("span", "cell cell-certainty", [], { role: "gridcell" });
  const spread = new Spread();
  const root = element(
    "div",
    "row row-grid",
    [
      element("span", "cell cell-chevron", [icon("chevron")], { role: "gridcell" }),
      element("span", "cell cell-bar", [bar], { role: "gridcell" }),
      figure,
      element("span", "cell cell-kind", [glyphSlot, kind], { role: "gridcell" }),
      site,
      element("span", "cell cell-amount", [amount.root], { role: "gridcell" }),
      element("span", "cell cell-share", [share.root], { role: "gridcell" }),
      certainty,
      element("span", "cell cell-spread", [spread.root], { role: "gridcell" }),
    ],
    { role: "row", "aria-expanded": "false", tabindex: "-1" },
  );
  let category = "";

  return {
    root,
    show(item, report, scaleMicros, open) {
      const { hotspot, group } = item;
      if (category !== hotspot.category) {
        category = hotspot.category;
        root.dataset.category = category;
        setChildren(glyphSlot, [glyph(hotspot.category, 14)]);
        setAttribute(glyphSlot, "title", categoryName(hotspot.category));
        bar.className = `impact-bar of-${category}${isWaiting(hotspot.category) ? " hatched" : ""}`;
      }
      const micros = hotspot.impactMicrosPerRequest;
      const size = scaleMicros > 0 && micros !== null ? micros / scaleMicros : 0;
      setStyle(bar, "width", `${Math.min(100, 100 * size).toFixed(2)}%`);
      setClass(bar, "torn", size > 1.001);
      setText(figureText, impact(micros, hotspot.relativeError));
      setAttribute(
        figure,
        "title",
        t("{0} of {1}, a request", formatImpact(micros), timeWord(hotspot.category)),
      );
      const words = group === null ? siteWords(hotspot) : groupWords(group);
      setText(kind, words.kind);
      setAttribute(kind, "title", words.kinds);
      setText(name, words.name);
      setAttribute(name, "title", words.name);
      where.show(hotspot, `\n${t("Open (o), to the side with Alt")}`, words.place);
      setText(calleeName, words.callee);
      setAttribute(calleeName, "title", words.callee);
      setHidden(callee, words.callee === "" || words.callee === hotspot.kind);
      setClass(root, "group-row", group !== null);
      const perRequest = formatPerRequest(hotspot);
      const { figure: each, unit } = split(perRequest);
      amount.show(each, unit);
      setAttribute(amount.root, "title", exact(hotspot, report));
      const shown = shareFigure(hotspot.share);
      share.show(shown.figure, shown.unit);
      setAttribute(share.root, "title", shareInText(hotspot.share, hotspot.category));
      const sure = certaintyOf(hotspot);
      setText(certainty, sure.text);
      setAttribute(certainty, "title", sure.detail);
      setAttribute(certainty, "data-certainty", sure.style);
      setText(narrowKind, `${words.kind} · `);
      setText(
        narrowAmount,
        `${hotspot.file === "" || words.place === "" ? "" : " · "}${perRequest}${t("/req")}`,
      );
      setText(narrowSure, ` · ${sure.text}`);
      spread.show(hotspot.byWorker, report.workers);
      setAttribute(root, "aria-expanded", `${open}`);
    },
  };
}

function exact(hotspot: Hotspot, report: Report): string {
  const unit = { micros: "µs", bytes: t("bytes"), switches: t("switches") }[hotspot.unit];
  const rate = dependsOnLoad(hotspot.category)
    ? ` ${t("at {0} req/s", formatNumber(report.requests.perSecond))}`
    : "";
  return `${t(
    "{0} {1}, {2} in {3}",
    formatCount(hotspot.amount),
    unit,
    plural(Math.round(hotspot.count), said("{0} time"), said("{0} times")),
    plural(report.requests.total, said("{0} request"), said("{0} requests")),
  )}${rate}`;
}
