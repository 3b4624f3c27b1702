// Report: a recording, or two compared, as one page that opens in any browser: the panel, the comparison's view.

import { viewOf } from "../model/compare/view.ts";
import type { Profile } from "../model/profile.ts";
import type { CompareState } from "../protocol/comparePanel.ts";
import { formatPage, type PageParts } from "./page.ts";

/** @param title what the page calls the recording: its file's name */
export function formatHtml(profile: Profile, title: string, parts: PageParts): string {
  return formatPage(title, profile, parts);
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
  return formatPage(`${before.name} → ${after.name}`, state, parts);
}
