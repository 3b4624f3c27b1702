// Panel: a saved recording, opened as a file: the same panel, read-only.

import { basename } from "node:path";
import * as vscode from "vscode";
import { cancellable } from "../../common/cancellable.ts";
import { Disposables } from "../../common/disposables.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { log } from "../../common/log.ts";
import { COMMANDS } from "../../contributions.ts";
import { t } from "../../model/l10n.ts";
import type { PanelState } from "../../protocol/panel.ts";
import type { SiteRef } from "../../protocol/siteDetails.ts";
import { analysisThread } from "../../recording/analysis/threadFile.ts";
import { PANEL_IDLE } from "../../recording/idle.ts";
import type { SavedReport } from "../../recording/savedReport.ts";
import type { Suppressed } from "../../recording/suppressed.ts";
import type { Shown } from "../editor/shown.ts";
import { either, PanelHost, type PanelSource } from "./panelHost.ts";

export interface SavedProfileWishes {
  /** What a reader is told of a recording that nobody has saved; null: it is a saved one. */
  unsaved(uri: vscode.Uri): string | null;
  /** Of one that nobody has saved. */
  save(uri: vscode.Uri): void;
  /** Its marks stood beside the code when the window ended. */
  hadMarks(uri: vscode.Uri): boolean;
  showAnnotations(shown: Shown): void;
}

export class SavedProfileEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #hosts = new Map<string, PanelHost>();
  /** For a panel that is about to be opened. */
  #wanted: { readonly uri: string; readonly site: SiteRef } | null = null;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly suppressed: Suppressed,
    private readonly wishes: SavedProfileWishes,
  ) {}

  /** Opens a hotspot's row in the panel of a recording, once that is open. */
  reveal(uri: vscode.Uri, site: SiteRef | null): void {
    const host = this.#hosts.get(uri.toString());
    if (host !== undefined) host.reveal(site);
    else this.#wanted = site === null ? null : { uri: uri.toString(), site };
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    // Its tab may be closed while it opens.
    const open = new Disposables();
    let closed = false;
    panel.onDidDispose(() => {
      closed = true;
      open.dispose();
    });
    const { state, figures, file } = await read(uri, analysisThread(this.extension), open);
    if (closed) return;
    // Commands read files: of a recording in a virtual folder its copy, as long as the panel is open.
    const here = file === null ? uri : vscode.Uri.file(file);
    const { suppressed } = this;
    const hint = this.wishes.unsaved(uri);
    const now = (): PanelState => {
      // The texts are for the editor alone.
      const { texts: _, ...shown } = figures?.figures ?? { texts: null };
      return {
        ...state,
        elapsedMs: figures?.facts.elapsedMs ?? 0,
        error: state.error ?? figures?.error ?? null,
        ...shown,
        ...(hint === null ? {} : { unsaved: true, hint }),
        range: figures?.range ?? null,
        details: figures?.details ?? null,
        suppressed: suppressed.namesIn(figures?.figures?.report ?? null, figures?.figures?.others),
      };
    };
    const cwd = () => figures?.facts.cwd ?? "";
    const showAnnotations = () => {
      if (figures === null || figures.figures === null) return;
      const { report, others, scope, texts } = figures.figures;
      this.wishes.showAnnotations({ report, others, texts, scopeLabel: scope.label, cwd: cwd(), saved: uri });
    };
    const source: PanelSource = {
      onDidChange:
        figures === null ? suppressed.onDidChange : either(figures.onDidChange, suppressed.onDidChange),
      state: now,
      cwd,
      seen: (visible) => {
        if (visible) void figures?.refresh();
      },
      opening: showAnnotations,
      act: (message) => {
        if (message.type === "range") figures?.setRange(message.range);
        if (message.type === "details") figures?.setDetails(message.wanted);
        if (message.type === "suppress") suppressed.set([message.site], message.suppressed, now().report);
        if (message.type === "scope") figures?.setRange(null);
        if (message.type !== "action") return;
        if (message.action === "showAnnotations") showAnnotations();
        if (message.action === "showLog") log().show();
        if (message.action === "save" && hint !== null) this.wishes.save(uri);
        if (message.action === "compare") void vscode.commands.executeCommand(COMMANDS.compareSessions, here);
        if (message.action === "export") void vscode.commands.executeCommand(COMMANDS.exportSession, here);
        if (message.action === "profile") void vscode.commands.executeCommand(COMMANDS.profile);
      },
    };
    const host = new PanelHost(panel, source, this.extension);
    if (this.wishes.hadMarks(uri)) showAnnotations();
    if (figures !== null && uri.scheme === "file") open.add(watch(uri, () => void figures.refresh()));
    const name = uri.toString();
    this.#hosts.set(name, host);
    if (this.#wanted?.uri === name) host.reveal(this.#wanted.site);
    this.#wanted = null;
    open.add({
      dispose: () => {
        if (this.#hosts.get(name) === host) this.#hosts.delete(name);
        host.dispose();
      },
    });
  }
}

/** @param changed another recording may have been saved over it */
function watch(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  // By the folder: a file's own name may have signs that are others in a pattern.
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), "*");
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  const ifOurs = (one: vscode.Uri) => {
    if (one.fsPath === uri.fsPath) changed();
  };
  return vscode.Disposable.from(watcher, watcher.onDidCreate(ifOurs), watcher.onDidChange(ifOurs));
}

interface Saved {
  readonly state: PanelState;
  /** Null where it could not be read. */
  readonly figures: SavedReport | null;
  /** On this machine; null where it could not be read. */
  readonly file: string | null;
}

/** @param open ends it, also while it is being read */
async function read(uri: vscode.Uri, threadFile: string, open: Disposables): Promise<Saved> {
  const title = basename(uri.fsPath);
  try {
    const [{ SavedReport }, { localCopy }] = await Promise.all([
      import("../../recording/savedReport.ts"),
      import("../../sessions/localCopy.ts"),
    ]);
    const { file, dispose } = await localCopy(uri);
    open.add({ dispose });
    const figures = new SavedReport(file, threadFile);
    open.add(figures);
    try {
      await untilOpen(title, figures);
    } catch (error) {
      figures.dispose();
      throw error;
    }
    return { state: { ...PANEL_IDLE, phase: "readOnly", title, scopeSeconds: 0 }, figures, file };
  } catch (error) {
    if (error instanceof UserError) {
      const { remedyHere } = await import("../../recording/remedyHere.ts");
      return failed(title, { message: error.message, remedy: remedyHere(error), action: "profile" });
    }
    log().error(errorText(error));
    const message = t("{0} could not be read.", title);
    return failed(title, { message, remedy: t("The log has the details."), action: "showLog" });
  }
}

/** @throws UserError */
async function untilOpen(title: string, figures: SavedReport): Promise<void> {
  try {
    await cancellable(t("Darcy: opening {0}", title), (signal) => {
      signal.addEventListener("abort", () => figures.dispose(), { once: true });
      return figures.open();
    });
  } catch (error) {
    if (!(error instanceof vscode.CancellationError)) throw error;
    throw new UserError(
      t("{0} was not opened.", title),
      t("Close this tab, and open it again when you have time for it."),
    );
  }
}

function failed(title: string, error: NonNullable<PanelState["error"]>): Saved {
  return { state: { ...PANEL_IDLE, phase: "error", title, error }, figures: null, file: null };
}
