// Tree: what stands in it, from sessions down to their workers and hotspots, as VS Code's items.

import { basename } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, LINK_COMMANDS } from "../../contributions.ts";
import { CATEGORY_NAME, formatCount, kindWord } from "../../model/format.ts";
import { said, t } from "../../model/l10n.ts";
import type { Category } from "../../protocol/categories.ts";
import type { PanelPhase } from "../../protocol/panel.ts";
import { unsavedWords } from "../../recording/keptWords.ts";
import type { Recorder } from "../../recording/recorder.ts";
import {
  type SessionSummary,
  type SummaryLine,
  sessionDetails,
  sessionWords,
} from "../../sessions/summary.ts";

export type Node =
  | { readonly kind: "live" }
  | { readonly kind: "saved"; readonly uri: vscode.Uri }
  | { readonly kind: "workers"; readonly lines: readonly SummaryLine[] }
  | { readonly kind: "worker"; readonly line: SummaryLine }
  | {
      readonly kind: "hotspots";
      readonly lines: SessionSummary["hotspots"];
      readonly cwd: string;
      readonly rate: string;
    }
  | { readonly kind: "hotspot"; readonly line: SessionSummary["hotspots"][number]; readonly cwd: string }
  | { readonly kind: "problem"; readonly text: string };

const PHASE: Readonly<Partial<Record<PanelPhase, string>>> = {
  calibrating: said("calibrating"),
  starting: said("starting"),
  waiting: said("waiting for a request"),
  recording: said("recording"),
  stopping: said("stopping"),
  stopped: said("stopped"),
  error: said("failed"),
};

const SAVED = {
  saved: { words: "", context: "darcy.saved", icon: "graph-line" },
  baseline: { words: said("baseline"), context: "darcy.savedBaseline", icon: "pinned" },
  unsaved: { words: said("unsaved"), context: "darcy.kept", icon: "circle-outline" },
} as const;

export function liveItem({ recording, live }: Recorder): vscode.TreeItem {
  const phase = recording?.phase ?? "idle";
  const item = new vscode.TreeItem(recording?.title ?? "", vscode.TreeItemCollapsibleState.Expanded);
  const rate = live?.figures?.report.requests.perSecond ?? 0;
  const words = [t(PHASE[phase] ?? phase)];
  if (phase === "recording") words.push(t("{0} req/s", formatCount(rate)));
  item.id = "live";
  item.description = words.join(", ");
  item.contextValue = recording?.active === true ? "darcy.live" : "darcy.unsaved";
  item.iconPath =
    recording?.active === true
      ? new vscode.ThemeIcon("record", new vscode.ThemeColor("errorForeground"))
      : new vscode.ThemeIcon("circle-outline");
  item.command = { command: COMMANDS.openPanel, title: t("Open Panel") };
  item.tooltip = recording?.options.command.join(" ") ?? "";
  return item;
}

/**
 * @param place `unsaved`: in the extension's own storage, for a while
 * @param summary null: it was not read yet
 * @param problem why it could not be read; null: it could, or nobody has tried
 */
export function savedItem(
  uri: vscode.Uri,
  place: "saved" | "baseline" | "unsaved",
  summary: SessionSummary | null,
  problem: string | null,
): vscode.TreeItem {
  const item = new vscode.TreeItem(basename(uri.fsPath, ".darcy"), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = uri.fsPath;
  const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, ".."), false);
  const inRoot = vscode.workspace.workspaceFolders?.some(({ uri: root }) => root.fsPath === folder) === true;
  const { words, context, icon } = SAVED[place];
  item.description = [
    words === "" ? "" : t(words),
    problem === null ? "" : t("can't be read"),
    summary === null ? "" : sessionWords(summary),
    inRoot || place === "unsaved" ? "" : folder,
  ]
    .filter((word) => word !== "")
    .join(", ");
  item.contextValue = context;
  item.iconPath = new vscode.ThemeIcon(problem === null ? icon : "warning");
  const where = place === "unsaved" ? unsavedWords() : uri.fsPath;
  item.tooltip = [
    where,
    ...(problem === null ? [] : [problem]),
    ...(summary === null ? [] : sessionDetails(summary)),
  ].join("\n");
  item.command = { command: COMMANDS.openSession, title: t("Open"), arguments: [{ kind: "saved", uri }] };
  return item;
}

export function groupItem(name: string, description: string): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
  item.description = description;
  item.contextValue = "darcy.group";
  return item;
}

export function workerItem({ label, description }: SummaryLine): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon("server-process");
  item.contextValue = "darcy.worker";
  return item;
}

export function hotspotItem(
  { label, description, hotspot }: SessionSummary["hotspots"][number],
  cwd: string,
  glyph: (category: Category) => vscode.Uri,
): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  const { category, file, line, column } = hotspot;
  item.description = description;
  item.iconPath = glyph(category);
  item.tooltip = `${t(CATEGORY_NAME[category])}, ${kindWord(hotspot.kind)}: ${file}:${line}`;
  item.contextValue = "darcy.hotspot";
  item.command = {
    command: LINK_COMMANDS.openLocation,
    title: t("Open"),
    arguments: [{ file, line, column, cwd }],
  };
  item.accessibilityInformation = { label: `${t(CATEGORY_NAME[category])}: ${label}, ${description}` };
  return item;
}

export function problemItem(text: string): vscode.TreeItem {
  const item = new vscode.TreeItem(text);
  item.iconPath = new vscode.ThemeIcon("warning");
  item.tooltip = text;
  return item;
}
