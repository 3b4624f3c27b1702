// Panel: the one panel of the current recording, in an editor tab.

import { basename } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, VIEWS } from "../../contributions.ts";
import type { SiteRef } from "../../protocol/siteDetails.ts";
import type { LoadRequest } from "../../recording/loadRequest.ts";
import type { Recorder } from "../../recording/recorder.ts";
import type { Suppressed } from "../../recording/suppressed.ts";
import { either, PanelHost, type PanelSource } from "./panelHost.ts";

export interface PanelWishes {
  save(): void;
  compare(): void;
  exportAs(): void;
  load(request: LoadRequest): void;
  showAnnotations(): void;
  showLog(): void;
  /** Opens the recording that the window showed before its reload; false: there is none. */
  openLeft(place: vscode.TextDocumentShowOptions): Promise<boolean>;
}

export class LivePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  #panel: vscode.WebviewPanel | null = null;
  #host: PanelHost | null = null;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly recorder: Recorder,
    private readonly wishes: PanelWishes,
    private readonly suppressed: Suppressed,
  ) {}

  /**
   * @param site a hotspot whose row is to be opened
   * @param enter whether the keyboard goes to a panel that is seen already
   */
  show(site: SiteRef | null = null, enter = false): void {
    if (this.#panel !== null) {
      this.#panel.reveal(undefined, !(enter && this.#panel.visible));
      this.#host?.reveal(site);
      return;
    }
    this.closeUnrestored();
    const beside = vscode.window.activeTextEditor !== undefined;
    const panel = vscode.window.createWebviewPanel(
      VIEWS.panel,
      "Darcy",
      { viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: beside },
      { retainContextWhenHidden: false },
    );
    this.#fill(panel);
    this.#host?.reveal(site);
  }

  /** After a reload of the window; a second one is not ours to keep. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const { viewColumn, active } = panel;
    const place = { ...(viewColumn === undefined ? {} : { viewColumn }), preserveFocus: !active };
    const elsewhere = this.#panel !== null || (await this.wishes.openLeft(place));
    // The command may have opened another one meanwhile.
    if (elsewhere || this.#panel !== null) panel.dispose();
    else this.#fill(panel);
  }

  get isOpen(): boolean {
    return this.#panel !== null;
  }

  /** A tab from before a reload of the window that has not been looked at since: nothing can reveal it but a click. */
  closeUnrestored(): void {
    for (const { tabs } of vscode.window.tabGroups.all)
      for (const tab of tabs)
        if (tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(VIEWS.panel))
          void vscode.window.tabGroups.close(tab, true);
  }

  #fill(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const icon = (name: string) => vscode.Uri.joinPath(this.extension, "media", name);
    panel.iconPath = { light: icon("panel-light.svg"), dark: icon("panel-dark.svg") };
    const retitle = () => {
      const title = this.recorder.recording?.title;
      panel.title = title === undefined ? "Darcy" : `Darcy: ${basename(title)}`;
    };
    retitle();
    const host = new PanelHost(panel, this.#source(), this.extension);
    this.#host = host;
    const titles = this.recorder.onDidChange(retitle);
    panel.onDidDispose(() => {
      host.dispose();
      titles.dispose();
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#host = null;
    });
  }

  #source(): PanelSource {
    const { recorder, wishes, suppressed } = this;
    return {
      onDidChange: either(either(recorder.onDidChange, recorder.onDidRefresh), suppressed.onDidChange),
      seen: (visible) => recorder.setSeen(visible),
      state: () => {
        const state = recorder.state();
        return { ...state, suppressed: suppressed.namesIn(state.report, state.others) };
      },
      cwd: () => recorder.recording?.options.cwd ?? "",
      act: (message) => {
        switch (message.type) {
          case "load":
            wishes.load(message);
            return;
          case "scope":
            recorder.live?.setScope(message.seconds);
            return;
          case "details":
            recorder.live?.setDetails(message.wanted);
            return;
          case "suppress":
            suppressed.set([message.site], message.suppressed, recorder.state().report);
            return;
          case "range":
            recorder.live?.setRange(message.range);
            return;
          case "action":
            if (message.action === "save") wishes.save();
            else if (message.action === "compare") wishes.compare();
            else if (message.action === "export") wishes.exportAs();
            else if (message.action === "showAnnotations") wishes.showAnnotations();
            else if (message.action === "showLog") wishes.showLog();
            else if (message.action === "showTerminal") void recorder.recording?.showTerminal();
            else void vscode.commands.executeCommand(COMMANDS[message.action]);
        }
      },
    };
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
