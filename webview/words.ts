// Panel: the words for what the protocol names, in one place.

import { isWaiting } from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import type { Category } from "../src/protocol/categories.ts";

/** What a category's amount counts, for a tile without figures. */
export const AMOUNT_WORD: Readonly<Record<Category, string>> = {
  copies: t("bytes/req"),
  switches: t("switches/req"),
  allocations: t("bytes/req"),
  locks: t("waits/req"),
};

/** Which of the two a category's impact is. */
export function timeWord(category: Category): string {
  return isWaiting(category) ? t("waiting time") : t("processor time");
}

/** As the text report says it. */
export const OVER_BUDGET = t(
  "Calibrated costs add up to more than the processor time that was measured: take them as the most it can be.",
);

/** The file's name without its folders, of a POSIX or a Windows path. */
export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
}

export function place(location: { readonly file: string; readonly line: number }): string {
  return location.file === "" ? "" : `${baseName(location.file)}:${location.line}`;
}

export function functionName(name: string): string {
  return name === "" ? t("(anonymous)") : name;
}

/** Who did not report a figure that is missing. */
export function systemName({ platform }: { readonly platform: string }): string {
  return { win32: "Windows", darwin: "macOS", linux: "Linux" }[platform] ?? t("this system");
}
