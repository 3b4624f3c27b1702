// Panel, hotspots: the lock grid: acquiring sites (the code's stage) by lock keys (the data set), a heat map that is a table.

import { formatShare } from "../../src/model/format.ts";
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
  const note = element("span", "muted tree-note", ["µs/req"]);
  const table = element("table", "lock-grid");
  const scroller = element("div", "grid-scroll", [table], {
    tabindex: "0",
    role: "group",
    "aria-label": "Lock grid",
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
        element("caption", "hidden", ["Waiting time by call site and lock key, µs a request"]),
        element("thead", "", [
          element("tr", "", [
            element("th", "grid-site", ["Call site"], { scope: "col" }),
            ...grid.keys.map((key) =>
              element("th", "", [element("span", "grid-key", [key ?? "no key"])], {
                scope: "col",
                title: key ?? "Locks without a key, and waits whose key is not known",
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
            return element("tr", "", [
              element(
                "th",
                "grid-site",
                [element("span", "function", [functionName(site.function)]), where.root],
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
  if (named.length === 0) return "None of these locks has a key: the grid has one column.";
  const byKey = named
    .map(({ key, column }) => ({ key, micros: micros.reduce((sum, row) => sum + (row[column] ?? 0), 0) }))
    .sort((a, b) => b.micros - a.micros);
  const [hot] = byKey;
  if (hot !== undefined && whole > 0 && byKey.length > 1 && hot.micros / whole >= HOT)
    parts.push(`${formatShare(hot.micros / whole)} of this waiting is for ${hot.key}: one data set is hot.`);
  const most = Math.max(...rows);
  const site = sites[rows.indexOf(most)];
  if (site !== undefined && whole > 0 && rows.length > 1 && most / whole >= HOT)
    parts.push(
      `${formatShare(most / whole)} of ${parts.length > 0 ? "it" : "this waiting"} is in ${functionName(site.function)}.`,
    );
  const more = [
    moreSites > 0 ? `${plural(moreSites, "more call site")}` : "",
    moreKeys > 0 ? `${plural(moreKeys, "more key")}` : "",
  ].filter((each) => each !== "");
  if (more.length > 0)
    parts.push(`${more.join(" and ")} with less ${moreSites + moreKeys === 1 ? "is" : "are"} not listed.`);
  return parts.join(" ");
}
