// Sessions: the recordings on disk: those in the workspace, those that were saved or opened elsewhere, and those that nobody has
// saved. Looks for them when somebody asks, and follows the disk from then on.

import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { Disposables } from "../common/disposables.ts";
import { errorText, UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Keeper } from "../recording/keeper.ts";
import { type SessionSummary, summaryOf } from "./summary.ts";

const PATTERN = "**/*.darcy";
const IGNORED = "**/node_modules/**";
const MOST_FOUND = 200;
const MOST_REMEMBERED = 50;
const MOST_SUMMARIES = 20;
const REMEMBERED_KEY = "darcy.sessions.elsewhere";
const BASELINE_KEY = "darcy.sessions.baseline";

export class SavedSessions implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #summaries = new Map<string, { readonly version: string; readonly summary: SessionSummary }>();
  /** By path: what is said of a file that could not be read. */
  readonly #problems = new Map<string, string>();
  #watching = false;

  constructor(
    private readonly context: Pick<
      vscode.ExtensionContext,
      "globalState" | "workspaceState" | "extensionUri"
    >,
    private readonly keeper: Pick<Keeper, "files" | "current">,
  ) {}

  /** Newest first, of one time by name; the panel's recording is not among them before it is saved. */
  async list(): Promise<vscode.Uri[]> {
    this.#watch();
    const found = await vscode.workspace.findFiles(PATTERN, IGNORED, MOST_FOUND);
    const files = new Map<string, vscode.Uri>();
    for (const uri of [...found, ...this.#remembered(), ...(await this.#unsaved())])
      if (uri.scheme === "file") files.set(uri.fsPath, uri);
    const dated = await Promise.all(
      [...files.values()].map(async (uri) => ({ uri, at: await changedAt(uri) })),
    );
    return dated
      .filter(({ at }) => at !== null)
      .sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || a.uri.fsPath.localeCompare(b.uri.fsPath))
      .map(({ uri }) => uri);
  }

  async #unsaved(): Promise<vscode.Uri[]> {
    const { files, current } = this.keeper;
    await files.sweep(current);
    return (await files.list()).filter((file) => file !== current).map((file) => vscode.Uri.file(file));
  }

  /** It stands in the extension's own storage, for a while. */
  isUnsaved({ scheme, fsPath }: vscode.Uri): boolean {
    return scheme === "file" && this.keeper.files.has(fsPath);
  }

  /** A recording that was saved or opened, wherever it stands. */
  remember(uri: vscode.Uri): void {
    if (uri.scheme !== "file" || this.isUnsaved(uri)) return;
    if (vscode.workspace.getWorkspaceFolder(uri) === undefined) {
      const paths = [uri.fsPath, ...this.#remembered().map(({ fsPath }) => fsPath)];
      void this.context.globalState.update(REMEMBERED_KEY, [...new Set(paths)].slice(0, MOST_REMEMBERED));
    }
    this.#changed.fire();
  }

  get baseline(): vscode.Uri | null {
    const path: unknown = this.context.workspaceState.get(BASELINE_KEY);
    return typeof path === "string" ? vscode.Uri.file(path) : null;
  }

  async setBaseline(uri: vscode.Uri | null): Promise<void> {
    await this.context.workspaceState.update(BASELINE_KEY, uri?.fsPath);
    this.#changed.fire();
  }

  isBaseline(uri: vscode.Uri): boolean {
    return this.baseline?.fsPath === uri.fsPath;
  }

  /** Of the whole session, by the file's front where it has one, else by a thread. @throws UserError */
  async #summaryOf({ fsPath }: vscode.Uri): Promise<SessionSummary> {
    const [{ readPacked }, { openFront }, { askOnce }] = await Promise.all([
      import("../collector/profileFile.ts"),
      import("../collector/front.ts"),
      import("../recording/analysis/analysis.ts"),
    ]);
    const front = await openFront(await readPacked(fsPath));
    const { report, cwd } =
      front ?? (await askOnce(analysisThread(this.context.extensionUri), "report", { file: fsPath }));
    return summaryOf(report, cwd);
  }

  /** Null: it was not read lately. */
  readSummary({ fsPath }: vscode.Uri): SessionSummary | null {
    return this.#summaries.get(fsPath)?.summary ?? null;
  }

  /** @throws UserError */
  async summary(uri: vscode.Uri): Promise<SessionSummary> {
    const version = String(await changedAt(uri));
    const known = this.#summaries.get(uri.fsPath);
    if (known?.version === version) return known.summary;
    const summary = await this.#read(uri);
    this.#summaries.delete(uri.fsPath);
    this.#summaries.set(uri.fsPath, { version, summary });
    const [oldest] = this.#summaries.keys();
    if (this.#summaries.size > MOST_SUMMARIES && oldest !== undefined) this.#summaries.delete(oldest);
    return summary;
  }

  async #read(uri: vscode.Uri): Promise<SessionSummary> {
    try {
      const summary = await this.#summaryOf(uri);
      this.#problems.delete(uri.fsPath);
      return summary;
    } catch (error) {
      const text =
        error instanceof UserError ? `${error.message} ${error.remedy}` : t("It could not be read.");
      this.#problems.set(uri.fsPath, text);
      // Of the file as it was.
      this.#summaries.delete(uri.fsPath);
      throw error;
    }
  }

  /** Why it could not be read when that was tried; null: it could, or was not tried since it is as it is. */
  problemOf({ fsPath }: vscode.Uri): string | null {
    return this.#problems.get(fsPath) ?? null;
  }

  /** The file that has the name; null: none. */
  async takenBy(uri: vscode.Uri, name: string): Promise<string | null> {
    const target = besideIt(uri, name);
    return (await changedAt(target)) === null ? null : basename(target.fsPath);
  }

  /** Where it stands now. @throws UserError */
  async rename(uri: vscode.Uri, name: string): Promise<vscode.Uri> {
    const target = besideIt(uri, name);
    try {
      await vscode.workspace.fs.rename(uri, target, { overwrite: false });
    } catch (error) {
      const taken = (await changedAt(target)) !== null;
      throw new UserError(
        taken
          ? t("There is a {0} already.", basename(target.fsPath))
          : t("{0} could not be renamed: {1}", basename(uri.fsPath), errorText(error)),
        t("Choose another name."),
        { cause: error },
      );
    }
    const read = this.#summaries.get(uri.fsPath);
    this.#summaries.delete(uri.fsPath);
    if (read !== undefined) this.#summaries.set(target.fsPath, read);
    if (this.isBaseline(uri)) await this.setBaseline(target);
    this.remember(target);
    return target;
  }

  /** To the system's bin where there is one. @throws UserError */
  async delete(uri: vscode.Uri): Promise<void> {
    try {
      await vscode.workspace.fs.delete(uri, { useTrash: true }).then(undefined, (error: unknown) => {
        if (!/trash/i.test(errorText(error))) throw error;
        return vscode.workspace.fs.delete(uri);
      });
    } catch (error) {
      throw new UserError(
        t("{0} could not be deleted: {1}", basename(uri.fsPath), errorText(error)),
        t("Check the permissions of its folder."),
        { cause: error },
      );
    }
    if (this.isBaseline(uri)) await this.setBaseline(null);
    this.#changed.fire();
  }

  /** Other recordings that nobody has saved are there now. */
  unsavedChanged(): void {
    this.#changed.fire();
  }

  refresh(): void {
    this.#summaries.clear();
    this.#problems.clear();
    this.#changed.fire();
  }

  #remembered(): vscode.Uri[] {
    const paths: unknown = this.context.globalState.get(REMEMBERED_KEY);
    return Array.isArray(paths)
      ? paths.filter((path) => typeof path === "string").map((path) => vscode.Uri.file(path))
      : [];
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const watcher = this.#disposables.add(vscode.workspace.createFileSystemWatcher(PATTERN));
    const changed = ({ fsPath }: vscode.Uri) => {
      this.#problems.delete(fsPath);
      this.#changed.fire();
    };
    this.#disposables.add(watcher.onDidCreate(changed));
    this.#disposables.add(watcher.onDidChange(changed));
    this.#disposables.add(watcher.onDidDelete(changed));
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** Milliseconds since the epoch; null where there is no such file. */
async function changedAt(uri: vscode.Uri): Promise<number | null> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return null;
  }
}

function besideIt({ fsPath }: vscode.Uri, name: string): vscode.Uri {
  return vscode.Uri.file(join(dirname(fsPath), name.endsWith(".darcy") ? name : `${name}.darcy`));
}
