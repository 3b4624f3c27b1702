// Comparison: which keys there are, for the list of them.

import { t } from "../../src/model/l10n.ts";
import { CATEGORY_KEYS, type KeyGroup, LIST_KEYS, ROW_KEYS, TEXT_KEYS } from "../keyWords.ts";

export const COMPARE_KEYS: readonly KeyGroup[] = [
  {
    name: t("Everywhere"),
    rows: [TEXT_KEYS, CATEGORY_KEYS, [["Esc"], t("End the filters")], LIST_KEYS],
  },
  { name: t("Changes"), rows: ROW_KEYS },
];
