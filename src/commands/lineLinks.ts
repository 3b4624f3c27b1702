// Commands: what the links of a hover and of a code lens do with their line: shows it in the panel, explains it, suppresses it.

import { basename } from "node:path";
import * as vscode from "vscode";
import { VIEWS } from "../contributions.ts";
import { t } from "../model/l10n.ts";
import { unpackHotspots } from "../protocol/hotspotTable.ts";
import type { Hotspot } from "../protocol/report.ts";
import { siteName, siteRefOf } from "../protocol/siteDetails.ts";
import type { Services } from "../services.ts";
import type { Annotated } from "../views/editor/shown.ts";

interface MeasuredLine {
  readonly annotated: Annotated;
  /** The dearest first. */
  readonly hotspots: readonly [Hotspot, ...Hotspot[]];
}

/** The word is a link's, and anybody may write one: only a line that is measured now counts. */
function measuredLine({ annotations }: Services, word: unknown): MeasuredLine | null {
  if (typeof word !== "object" || word === null) return null;
  const { file, line } = word as Record<string, unknown>;
  const { annotated } = annotations;
  if (annotated === null) return null;
  const { report, others, suppressed } = annotated;
  const rest = others === null ? [] : unpackHotspots(others, (path) => path === file);
  const [first, ...more] = [...report.hotspots, ...rest.filter((spot) => !suppressed.has(siteName(spot)))]
    .filter((spot) => spot.file === file && spot.line === line)
    .sort((a, b) => (b.impactMicrosPerRequest ?? -1) - (a.impactMicrosPerRequest ?? -1));
  return first === undefined ? null : { annotated, hotspots: [first, ...more] };
}

export async function showInPanel(services: Services, word?: unknown): Promise<void> {
  const found = measuredLine(services, word);
  const site = found === null ? null : siteRefOf(found.hotspots[0]);
  const saved = services.annotations.annotated?.saved ?? null;
  if (saved === null) return services.panel.show(site);
  services.savedPanels.reveal(saved, site);
  await vscode.commands.executeCommand("vscode.openWith", saved, VIEWS.savedProfile);
}

export async function explain(services: Services, word?: unknown): Promise<void> {
  const found = measuredLine(services, word);
  if (found === null) return notMeasured();
  const { annotated, hotspots } = found;
  const { explainLine } = await import("../report/explanation.ts");
  const [{ file, line }] = hotspots;
  await services.documents.show(
    `${basename(file)}:${line}`,
    explainLine(hotspots, annotated.report, annotated),
  );
}

export async function suppressHere(services: Services, word?: unknown): Promise<void> {
  const found = measuredLine(services, word);
  if (found === null) return notMeasured();
  const { annotated, hotspots } = found;
  const sites = hotspots.map(siteRefOf);
  services.suppressed.set(sites, true, annotated.report);
  const [{ file, line }] = hotspots;
  const undo = t("Undo");
  const answer = await vscode.window.showInformationMessage(
    t("{0} is suppressed in this workspace. Totals still count it.", `${basename(file)}:${line}`),
    undo,
  );
  if (answer === undo) services.suppressed.set(sites, false, annotated.report);
}

function notMeasured(): void {
  void vscode.window.showInformationMessage(t("This line is not among the figures on show any more."));
}
