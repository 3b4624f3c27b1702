// Comparison: two saved recordings side by side, a webview for each pair; its other end here reads and compares.

import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../../common/cancellable.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { VIEWS } from "../../contributions.ts";
import { t } from "../../model/l10n.ts";
import {
  COMPARE_VERSION,
  type ComparedFile,
  type CompareState,
  type ToCompareView,
} from "../../protocol/comparePanel.ts";
import { analysisThread } from "../../recording/analysis/threadFile.ts";
import type { SavedSessions } from "../../sessions/savedSessions.ts";
import { cwdOf } from "../localPlace.ts";
import { openLocation } from "../openLocation.ts";
import { toCompareMessage, toKeptPaths } from "./compareMessages.ts";
import { localRoots, panelHtml } from "./html.ts";
import { KeptPairs } from "./keptPairs.ts";

/** What a view asks of the commands. */
export interface ComparisonWishes {
  markdown(before: vscode.Uri, after: vscode.Uri): void;
  page(before: vscode.Uri, after: vscode.Uri): void;
}

export class CompareViews implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #open = new Set<OpenView>();
  readonly #kept: KeptPairs;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly sessions: Pick<SavedSessions, "list">,
    private readonly wishes: ComparisonWishes,
    state: vscode.Memento,
  ) {
    this.#kept = new KeptPairs(state);
  }

  /** The same pair shows in the same tab, read anew. */
  show(before: vscode.Uri, after: vscode.Uri): void {
    const standing = [...this.#open].find((view) => view.isOf(before, after));
    if (standing !== undefined) {
      standing.reveal();
      standing.compare(before, after);
      return;
    }
    const panel = vscode.window.createWebviewPanel(VIEWS.compare, "Compare", vscode.ViewColumn.Active, {
      retainContextWhenHidden: false,
      enableFindWidget: true,
    });
    this.#fill(panel, before, after);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const paths = toKeptPaths(kept) ?? this.#kept.find(panel.title);
    const [before, after] =
      paths === null ? [null, null] : [vscode.Uri.file(paths.before), vscode.Uri.file(paths.after)];
    this.#fill(panel, before, after);
  }

  /** Of all views that are open. */
  get states(): readonly CompareState[] {
    return [...this.#open].map(({ state }) => state);
  }

  #fill(panel: vscode.WebviewPanel, before: vscode.Uri | null, after: vscode.Uri | null): void {
    const view = new OpenView(panel, this.extension, this.sessions, this.wishes, this.#kept);
    this.#open.add(view);
    panel.onDidDispose(() => this.#open.delete(view));
    view.choose(before, after);
  }

  dispose(): void {
    for (const view of this.#open) view.close();
  }
}

class OpenView {
  #ready = false;
  #before: vscode.Uri | null = null;
  #after: vscode.Uri | null = null;
  /** Of the newest question: an older one ends, and its answer comes to nothing. */
  #asked = 0;
  /** Where the two servers ran. */
  #cwds: readonly string[] = [];
  #comparing = new AbortController();
  state: CompareState = NOTHING;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly extension: vscode.Uri,
    private readonly sessions: Pick<SavedSessions, "list">,
    private readonly wishes: ComparisonWishes,
    private readonly kept: KeptPairs,
  ) {
    const { webview } = panel;
    const icon = (name: string) => vscode.Uri.joinPath(extension, "media", name);
    panel.iconPath = { light: icon("panel-light.svg"), dark: icon("panel-dark.svg") };
    webview.options = { enableScripts: true, localResourceRoots: localRoots(extension) };
    webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    panel.onDidChangeViewState(() => {
      // A hidden webview's page is gone; the new page says that it is ready.
      if (!panel.visible) this.#ready = false;
    });
    panel.onDidDispose(() => {
      this.#next();
      this.#ready = false;
    });
    webview.html = panelHtml(webview, extension, "compare");
  }

  isOf(before: vscode.Uri, after: vscode.Uri): boolean {
    return this.#before?.fsPath === before.fsPath && this.#after?.fsPath === after.fsPath;
  }
  reveal(): void {
    this.panel.reveal();
  }
  close(): void {
    this.panel.dispose();
  }

  compare(before: vscode.Uri, after: vscode.Uri): void {
    this.#before = before;
    this.#after = after;
    this.panel.title = `${nameOf(before)} → ${nameOf(after)}`;
    this.kept.keep(this.panel.title, before, after);
    void this.#compute(before, after);
  }

  /** Null: not known, for the reader to choose. */
  choose(before: vscode.Uri | null, after: vscode.Uri | null): void {
    if (before !== null && after !== null) this.compare(before, after);
    else void this.#ask(before, after);
  }

  /** What is still being read comes to nothing. */
  #next(): number {
    this.#comparing.abort();
    this.#comparing = new AbortController();
    this.#asked += 1;
    return this.#asked;
  }

  async #ask(before: vscode.Uri | null, after: vscode.Uri | null): Promise<void> {
    const asked = this.#next();
    const known = [before, after].filter((uri) => uri !== null);
    const choices = named([...(await this.sessions.list().catch(() => [])), ...known]);
    if (asked !== this.#asked) return;
    this.#take({
      ...NOTHING,
      phase: "choosing",
      before: before === null ? { path: "", name: t("Choose the baseline") } : fileOf(before),
      after: after === null ? { path: "", name: t("Choose the newer one") } : fileOf(after),
      choices,
      error: {
        message:
          known.length === 0
            ? t("VS Code kept this tab, “{0}”, but not which files it compared.", this.panel.title)
            : t("One side is still to be chosen."),
        remedy:
          choices.length === 0
            ? t("There is no saved recording here. Save one from the panel, then compare again.")
            : t("Choose them above: the baseline on the left, the newer one on the right."),
      },
    });
  }

  async #compute(before: vscode.Uri, after: vscode.Uri): Promise<void> {
    const asked = this.#next();
    const pair = { before: fileOf(before), after: fileOf(after) };
    this.#take({ ...NOTHING, ...pair, choices: this.state.choices });
    const choices = await this.#choices(before, after);
    if (asked !== this.#asked) return;
    const read = { ...NOTHING, ...pair, choices };
    let next: CompareState;
    try {
      const { cwds, ...view } = await this.#compared(before, after);
      if (asked === this.#asked) this.#cwds = cwds;
      next = { ...read, phase: "ready", ...view };
    } catch (error) {
      if (asked !== this.#asked) return;
      next = { ...read, phase: "error", error: saidOf(error) };
    }
    if (asked === this.#asked) this.#take(next);
  }

  async #compared({ fsPath: before }: vscode.Uri, { fsPath: after }: vscode.Uri) {
    const { signal } = this.#comparing;
    const { askOnce } = await import("../../recording/analysis/analysis.ts");
    return cancellable(t("Darcy: comparing {0}", this.panel.title), (canceled) =>
      askOnce(
        analysisThread(this.extension),
        "compared",
        { before, after },
        AbortSignal.any([signal, canceled]),
      ),
    );
  }

  async #choices(before: vscode.Uri, after: vscode.Uri): Promise<readonly ComparedFile[]> {
    const list = await this.sessions.list().catch(() => []);
    return named([...list, before, after]);
  }

  #take(state: CompareState): void {
    this.state = state;
    this.#send();
  }

  #send(): void {
    if (!this.#ready || !this.panel.visible) return;
    const message: ToCompareView = { type: "comparison", version: COMPARE_VERSION, state: this.state };
    void this.panel.webview.postMessage(message);
  }

  #receive(raw: unknown): void {
    const message = toCompareMessage(raw);
    switch (message?.type) {
      case undefined:
        log().warn("The comparison sent a message that is not one of ours; it was dropped.");
        return;
      case "ready":
        this.#ready = true;
        this.#send();
        return;
      case "open": {
        const { location, toSide } = message;
        const cwd = cwdOf(location.file, this.#cwds);
        void openLocation(location, cwd, { toSide, from: this.panel.viewColumn });
        return;
      }
      case "copy":
        void vscode.env.clipboard.writeText(message.text);
        return;
      case "markdown":
        if (this.#before !== null && this.#after !== null) this.wishes.markdown(this.#before, this.#after);
        return;
      case "export":
        if (this.#before !== null && this.#after !== null) this.wishes.page(this.#before, this.#after);
        return;
      case "choose": {
        // Only what was offered: the page names no files of its own.
        const { before, after, choices } = this.state;
        const offered = new Set([before, after, ...choices].map(({ path }) => path));
        if (offered.has(message.before) && offered.has(message.after))
          this.choose(uriOf(message.before), uriOf(message.after));
      }
    }
  }
}

const NOTHING: CompareState = {
  phase: "reading",
  before: { path: "", name: "" },
  after: { path: "", name: "" },
  choices: [],
  fixed: false,
  comparison: null,
  series: null,
  omitted: 0,
  error: null,
};

function saidOf(error: unknown): NonNullable<CompareState["error"]> {
  const another = t("Choose another recording on either side.");
  if (error instanceof vscode.CancellationError)
    return { message: t("Comparing the two was canceled."), remedy: another };
  if (error instanceof UserError) return { message: error.message, remedy: another };
  log().error(errorText(error));
  return { message: t("The two could not be compared."), remedy: t("The log has the details.") };
}

/** The empty path stands for a side that is still to be chosen. */
function uriOf(path: string): vscode.Uri | null {
  return path === "" ? null : vscode.Uri.file(path);
}
function nameOf({ fsPath }: vscode.Uri): string {
  return basename(fsPath, ".darcy");
}
function fileOf(uri: vscode.Uri): ComparedFile {
  return { path: uri.fsPath, name: nameOf(uri) };
}

/** Each once; those that are called the same with their folder. */
function named(uris: readonly vscode.Uri[]): ComparedFile[] {
  const files = [...new Map(uris.map((uri) => [uri.fsPath, fileOf(uri)])).values()];
  return files.map((file) =>
    files.filter(({ name }) => name === file.name).length > 1
      ? { ...file, name: `${file.name} (${basename(dirname(file.path))})` }
      : file,
  );
}
