// Tree: live and saved sessions in Darcy's own view container. Reads a recording when it is unfolded, not before.

import * as vscode from "vscode";
import { Disposables } from "../../common/disposables.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { VIEWS } from "../../contributions.ts";
import { t } from "../../model/l10n.ts";
import type { Recorder } from "../../recording/recorder.ts";
import type { SavedSessions } from "../../sessions/savedSessions.ts";
import { type SessionSummary, summaryOf } from "../../sessions/summary.ts";
import { glyphOf } from "../glyphs.ts";
import { groupItem, hotspotItem, liveItem, type Node, problemItem, savedItem, workerItem } from "./nodes.ts";

/** A running recording's figures change all the time; a tree that moves as often can't be used. */
const LEAST_PAUSE_MILLIS = 2_000;

export class SessionsTree implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #live: Node = { kind: "live" };
  #timer: NodeJS.Timeout | undefined;
  #phase = "";

  constructor(
    private readonly recorder: Recorder,
    private readonly saved: SavedSessions,
    view: Pick<vscode.TreeView<Node>, "visible">,
    private readonly changed: Pick<vscode.EventEmitter<Node | undefined>, "fire">,
    private readonly media: vscode.Uri,
  ) {
    // Its glyphs are of the theme's kind.
    this.#disposables.add(vscode.window.onDidChangeActiveColorTheme(() => changed.fire(undefined)));
    this.#disposables.add(saved.onDidChange(() => changed.fire(undefined)));
    this.#disposables.add(
      recorder.onDidChange(() => {
        const phase = recorder.recording?.phase ?? "";
        // Another phase shows at once.
        if (phase !== this.#phase) {
          this.#phase = phase;
          changed.fire(undefined);
        } else if (view.visible) {
          this.#timer ??= setTimeout(() => {
            this.#timer = undefined;
            changed.fire(this.#live);
          }, LEAST_PAUSE_MILLIS);
        }
      }),
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const files = await this.saved.list();
      const live: Node[] = this.recorder.recording === null ? [] : [this.#live];
      return [...live, ...files.map((uri): Node => ({ kind: "saved", uri }))];
    }
    switch (node.kind) {
      case "live": {
        const report = this.recorder.live?.figures?.report;
        const cwd = this.recorder.recording?.options.cwd ?? "";
        return report === undefined ? [] : groups(summaryOf(report, cwd));
      }
      case "saved":
        return this.#unfold(node);
      case "workers":
        return node.lines.map((line): Node => ({ kind: "worker", line }));
      case "hotspots":
        return node.lines.map((line): Node => ({ kind: "hotspot", line, cwd: node.cwd }));
      case "worker":
      case "hotspot":
      case "problem":
        return [];
    }
  }

  async #unfold(node: Extract<Node, { kind: "saved" }>): Promise<Node[]> {
    const { uri } = node;
    const before = this.saved.readSummary(uri) ?? this.saved.problemOf(uri);
    try {
      const summary = await vscode.window.withProgress({ location: { viewId: VIEWS.sessions } }, () =>
        this.saved.summary(uri),
      );
      // Its own row says more, too, now that it was read.
      if (before !== summary) this.changed.fire(node);
      return groups(summary);
    } catch (error) {
      if (!(error instanceof UserError)) log().error(errorText(error));
      const text = this.saved.problemOf(uri) ?? t("It could not be read.");
      if (before !== text) this.changed.fire(node);
      return [{ kind: "problem", text }];
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "live":
        return liveItem(this.recorder);
      case "saved":
        return savedItem(
          node.uri,
          this.#placeOf(node.uri),
          this.saved.readSummary(node.uri),
          this.saved.problemOf(node.uri),
        );
      case "workers":
        return groupItem(t("Workers"), `${node.lines.length}`);
      case "hotspots": {
        // What waits, and how often threads switch, depends on the load.
        const item = groupItem(t("Hotspots"), `${node.lines.length}, ${node.rate}`);
        item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
        return item;
      }
      case "worker":
        return workerItem(node.line);
      case "hotspot":
        return hotspotItem(node.line, node.cwd, (category) => glyphOf(category, this.media));
      case "problem":
        return problemItem(node.text);
    }
  }

  #placeOf(uri: vscode.Uri): "saved" | "baseline" | "unsaved" {
    if (this.saved.isUnsaved(uri)) return "unsaved";
    return this.saved.isBaseline(uri) ? "baseline" : "saved";
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#disposables.dispose();
  }
}

function groups({ workers, hotspots, cwd, rate }: SessionSummary): Node[] {
  const nodes: Node[] = [];
  if (hotspots.length > 0) nodes.push({ kind: "hotspots", lines: hotspots, cwd, rate });
  if (workers.length > 0) nodes.push({ kind: "workers", lines: workers });
  return nodes;
}
