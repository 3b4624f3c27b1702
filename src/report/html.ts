// Report: a recording, or two compared, as one page that opens in any browser: the panel, the comparison's view.

import { viewOf } from "../model/compare/view.ts";
import type { Profile } from "../model/profile.ts";
import type { CompareState } from "../protocol/comparePanel.ts";
import type { PageShown } from "../protocol/pageData.ts";
import { formatPage, type PageParts } from "./page.ts";

/** Those of the whole session, in English. */
export interface PageFigures extends Pick<PageShown, "report" | "series" | "scope"> {
  readonly others: object | null;
}

/**
 * Its figures come first and show at once; the recording comes after them, for whatever else is asked for. The hotspots after the
 * report's are left to it: of tens of thousands they would make the page half as large again.
 * @param title what the page calls the recording: its file's name
 */
export function formatHtml(
  profile: Profile,
  { report, series, scope, others }: PageFigures,
  title: string,
  parts: PageParts,
): string {
  const elapsedMs = (profile.endedMicros - profile.startedMicros) / 1_000;
  const shown: PageShown = { report, series, scope, elapsedMs, more: others !== null };
  return formatPage(title, { first: { shown }, later: { recording: profile } }, parts);
}

/** One side: the recording, and what the page calls it. */
export interface ComparedProfile {
  readonly profile: Profile;
  readonly name: string;
}

/** The figures stand in the page, the recordings do not: it stays small, and says no more than it shows. */
export function formatComparisonHtml(
  before: ComparedProfile,
  after: ComparedProfile,
  parts: PageParts,
): string {
  const side = ({ name }: ComparedProfile) => ({ path: name, name });
  const state: CompareState = {
    phase: "ready",
    before: side(before),
    after: side(after),
    choices: [],
    fixed: true,
    error: null,
    ...viewOf(before.profile, after.profile),
  };
  return formatPage(`${before.name} → ${after.name}`, { first: { shown: state }, later: {} }, parts);
}
