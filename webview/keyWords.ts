// Panel: which keys there are, for the list of them; README.md has the same.

import { t } from "../src/model/l10n.ts";

export interface KeyGroup {
  readonly name: string;
  readonly rows: readonly KeyRow[];
}
export type KeyRow = readonly [keys: readonly string[], what: string];

const SIDEWAYS = ["←", "→"];
const ENDS = [t("Home"), t("End")];

/** What the comparison has, too. */
export const LIST_KEYS: KeyRow = [["?"], t("Show these keys")];
export const TEXT_KEYS: KeyRow = [["/"], t("Filter by text")];
export const INTO_KEYS: KeyRow = [["↓"], t("Into the list, from the filter too")];
export const CATEGORY_KEYS: KeyRow = [
  ["1", "2", "3", "4"],
  t("Only copies, switches, allocation or lock waits"),
];
export const ROW_KEYS: readonly KeyRow[] = [
  [["↑", "↓", t("Page Up"), t("Page Down"), ...ENDS], t("To another row")],
  [[t("Enter")], t("Open or close the row")],
  [["→"], t("Open it")],
  [["←"], t("Close it")],
  [["o"], t("Open its source, to the side with Alt")],
  [["c"], t("Copy it as Markdown")],
];

export const PANEL_KEYS: readonly KeyGroup[] = [
  {
    name: t("Everywhere"),
    rows: [
      TEXT_KEYS,
      INTO_KEYS,
      CATEGORY_KEYS,
      [[t("Space")], t("Hold the figures still while it records, and resume")],
      [["Esc"], t("End the filters, then the span")],
      LIST_KEYS,
    ],
  },
  {
    name: t("Hotspots"),
    rows: [...ROW_KEYS, [["s"], t("Suppress it in this workspace, or show it again")]],
  },
  {
    name: t("Time line"),
    rows: [
      [[...SIDEWAYS, ...ENDS], t("Move the crosshair, or an end of the span")],
      [[t("Shift"), ...SIDEWAYS], t("Move an end of the span by 10 s")],
      [["Esc"], t("End the span")],
    ],
  },
  {
    name: t("Callers"),
    rows: [
      [["↑", "↓", ...ENDS], t("To another caller")],
      [SIDEWAYS, t("Fold it or unfold it")],
      [[t("Enter")], t("Open its source, to the side with Alt")],
    ],
  },
  {
    name: t("Flame graph"),
    rows: [
      [["↑", "↓", ...SIDEWAYS], t("To a neighbouring frame")],
      [[t("Enter")], t("Zoom to the frame")],
      [["+", "-"], t("Zoom in and out")],
      [["Esc"], t("Back to the whole graph")],
      [["/"], t("Find frames; Enter goes to the next one")],
      [["o"], t("Open its source, to the side with Alt")],
    ],
  },
];
