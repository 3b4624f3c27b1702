// Panel, hotspots: the lock grid: acquiring sites (the code's stage) by lock keys (the data set), a heat map that is a table.

import { formatShare } from "../../src/model/format.ts";
import { said, t } from "../../src/model/l10n.ts";
import type { Location } from "../../src/protocol/report.ts";
import type { LockGrid } from "../../src/protocol/siteDetails.ts";
import { element, setHidden, setText } from "../element.ts";
import { impact, plural } from "../figures.ts";
import { functionName } from "../words.ts";
import { placeButton } from "./factList.ts";

/** A key with more of all waiting is named as hot, a code line, too. */
const HOT = 0.5;
/** Of the colour, so that the figure over it can be read. */
const DEEPEST = 45;

export function makeLockGrid() {
  const note = element("span", "muted tree-note", [t("µs/req")]);
  const table = element("table", "lock-grid");
  const scroller = element("div", "grid-scroll", [table], {
    tabindex: "0",
    role: "group",
    "aria-label": t("Lock grid"),
  });
  const words = element("p", "grid-words");
  const root = element("div", "grid-view", [scroller, words]);
  let drawn = "";
  return {
    root,
    note,
    show(grid: LockGrid | null): void {
      setHidden(root, grid === null);
      if (grid === null) return;
      const now = JSON.stringify(grid);
      if (now === drawn) return;
      drawn = now;
      const top = Math.max(0, ...grid.micros.flat());
      table.replaceChildren(
        element("caption", "hidden", [t("Waiting time by call site and lock key, µs a request")]),
        element("thead", "", [
          element("tr", "", [
            element("th", "grid-site", [t("Call site")], { scope: "col" }),
            ...grid.keys.map((key) =>
              element("th", "", [element("span", "grid-key", [key ?? t("no key")])], {
                scope: "col",
                title: key ?? t("Locks without a key, and waits whose key is not known"),
              }),
            ),
          ]),
        ]),
        element(
          "tbody",
          "",
          grid.sites.map((site, row) => {
            const where = placeButton();
            where.show(site);
            const callee = isAlone(site, grid.sites) ? "" : ` → ${site.callee}`;
            return element("tr", "", [
              element(
                "th",
                "grid-site",
                [element("span", "function", [functionName(site.function)]), where.root, callee],
                {
                  scope: "row",
                },
              ),
              ...grid.keys.map((_, column) => cellOf(grid.micros[row]?.[column] ?? 0, top)),
            ]);
          }),
        ),
      );
      setText(words, wordsOf(grid));
    },
  };
}

/** Several operations on one line are told apart by what they call. */
function isAlone({ file, line }: Location, sites: LockGrid["sites"]): boolean {
  return sites.filter((other) => other.file === file && other.line === line).length < 2;
}

function cellOf(micros: number, top: number): HTMLElement {
  const share = top > 0 ? micros / top : 0;
  const cell = element("td", "", [element("span", "number", [micros > 0 ? impact(micros) : ""])]);
  cell.style.setProperty("--heat", `${(DEEPEST * Math.sqrt(share)).toFixed(1)}%`);
  cell.style.setProperty("--part", `${(100 * share).toFixed(1)}%`);
  return cell;
}

/** L5 and L6: waits should spread over both axes. */
function wordsOf({ sites, keys, micros, moreSites, moreKeys }: LockGrid): string {
  const rows = micros.map((row) => row.reduce((sum, value) => sum + value, 0));
  const whole = rows.reduce((sum, value) => sum + value, 0);
  const parts: string[] = [];
  const named = keys.flatMap((key, column) => (key === null ? [] : [{ key, column }]));
  if (named.length === 0) return t("None of these locks has a key: the grid has one column.");
  const byKey = named
    .map(({ key, column }) => ({ key, micros: micros.reduce((sum, row) => sum + (row[column] ?? 0), 0) }))
    .sort((a, b) => b.micros - a.micros);
  const [hot] = byKey;
  if (hot !== undefined && whole > 0 && byKey.length > 1 && hot.micros / whole >= HOT)
    parts.push(
      t("{0} of this waiting is for {1}: one data set is hot.", formatShare(hot.micros / whole), hot.key),
    );
  const most = Math.max(...rows);
  const site = sites[rows.indexOf(most)];
  if (site !== undefined && whole > 0 && rows.length > 1 && most / whole >= HOT)
    parts.push(
      parts.length > 0
        ? t("{0} of it is in {1}.", formatShare(most / whole), functionName(site.function))
        : t("{0} of this waiting is in {1}.", formatShare(most / whole), functionName(site.function)),
    );
  const more = [
    moreSites > 0 ? plural(moreSites, said("{0} more call site"), said("{0} more call sites")) : "",
    moreKeys > 0 ? plural(moreKeys, said("{0} more key"), said("{0} more keys")) : "",
  ].filter((each) => each !== "");
  if (more.length > 0)
    parts.push(
      moreSites + moreKeys === 1
        ? t("{0} with less is not listed.", more.join(""))
        : t("{0} with less are not listed.", more.join(` ${t("and")} `)),
    );
  return parts.join(" ");
}
