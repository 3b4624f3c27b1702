// Panel, time line: what a mark says, in the reader's language: the recording has it in English.

import { t } from "../../src/model/l10n.ts";
import { noticeWords } from "../../src/model/noticeWords.ts";
import type { SeriesMark } from "../../src/protocol/panel.ts";

const SHORT: Readonly<Record<SeriesMark["kind"], string>> = {
  warmup: t("warm-up"),
  restart: t("restart"),
  warning: t("warning"),
  majorGc: t("major GC"),
};

/** Where there is no room for more. */
export function shortMark({ kind }: SeriesMark): string {
  return SHORT[kind];
}

export function markText({ kind, label }: SeriesMark): string {
  const [figure] = label.match(/\d+/) ?? [];
  switch (kind) {
    case "warning":
      return label === "" ? SHORT.warning : noticeWords(label);
    case "restart":
      return figure === undefined ? t("server restarted") : t("worker {0} restarted", figure);
    case "majorGc":
      return figure === undefined ? SHORT.majorGc : t("{0} major GCs", figure);
    case "warmup":
      return SHORT.warmup;
  }
}
