// Model: the order in which hotspots are listed to a reader: by impact as it is shown, so that equal figures keep an order that
// does not flicker.

import type { Hotspot } from "../protocol/report.ts";
import { shownNumber } from "./format.ts";

/** That an impact is rounded by: it is whole from 10 on, so that a column of it reads as one. */
export function impactError(micros: number, relativeError: number | null): number {
  const size = Math.abs(micros);
  return Math.max(relativeError ?? 0, size >= 9.95 ? 1.0001 / size : 0);
}

/** The impact as it is shown, as a number; -1 for none. */
export function shownImpact({
  impactMicrosPerRequest: micros,
  relativeError,
}: Pick<Hotspot, "impactMicrosPerRequest" | "relativeError">): number {
  return micros === null ? -1 : shownNumber(micros, impactError(micros, relativeError));
}

export function hotspotKey(hotspot: Hotspot): string {
  const { category, kind, file, line, column, callee, basis } = hotspot;
  return `${category}|${kind}|${file}:${line}:${column}|${hotspot.function}|${callee}|${basis ?? ""}`;
}

/** By impact as shown, over both kinds of time, then by key. What is in order already takes one look at each. */
export function inShownOrder<T extends { readonly key: string; readonly hotspot: Hotspot }>(
  items: readonly T[],
): T[] {
  const shown = items.map((item) => ({ item, impact: shownImpact(item.hotspot) }));
  shown.sort(
    (a, b) => b.impact - a.impact || (a.item.key < b.item.key ? -1 : a.item.key > b.item.key ? 1 : 0),
  );
  return shown.map(({ item }) => item);
}
