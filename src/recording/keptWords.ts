// Recording: what a reader is told of a recording that nobody has saved.

import { t } from "../model/l10n.ts";
import { MOST_DAYS, MOST_KEPT } from "./keptFiles.ts";

export function unsavedWords(): string {
  return t(
    "Not saved: Darcy keeps the last {0} such recordings, for {1} days. Save it to keep it longer.",
    MOST_KEPT,
    MOST_DAYS,
  );
}

/** @param title of one that the window's end cut off, before what its last file holds */
export function cutOffWords(title: string, external: boolean): string {
  return external
    ? t(
        "{0} was being recorded when this window closed or reloaded. The server goes on without Darcy; this is what was measured until then.",
        title,
      )
    : t(
        "{0} was being recorded when this window closed or reloaded. The server was ended with it; this is what was measured until then.",
        title,
      );
}
