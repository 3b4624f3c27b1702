// Views: one item in the status bar while a server is recorded.

import * as vscode from "vscode";
import { COMMANDS } from "../contributions.ts";
import type { Recorder } from "../recording/recorder.ts";
import { statusText, statusTooltip } from "./statusText.ts";

const LEAST_PAUSE_MILLIS = 1_000;

export class StatusBar implements vscode.Disposable {
  #item: vscode.StatusBarItem | null = null;
  readonly #listeners: readonly vscode.Disposable[];
  #updatedAt = 0;

  constructor(private readonly recorder: Recorder) {
    this.#listeners = [
      recorder.onDidChange(() => this.#update()),
      // The panel's rate is newer than all other figures; the bar's is not to stay behind it.
      recorder.onDidRefresh(() => {
        if (performance.now() - this.#updatedAt >= LEAST_PAUSE_MILLIS) this.#update();
      }),
    ];
  }

  #update(): void {
    this.#updatedAt = performance.now();
    if (this.recorder.recording?.active !== true) {
      this.#item?.dispose();
      this.#item = null;
      return;
    }
    if (this.#item === null) {
      this.#item = vscode.window.createStatusBarItem("darcy.status", vscode.StatusBarAlignment.Left, 0);
      this.#item.name = "Darcy";
      this.#item.command = COMMANDS.openPanel;
      this.#item.show();
    }
    const state = this.recorder.state();
    this.#item.text = statusText(state);
    this.#item.tooltip = statusTooltip(state);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item?.dispose();
  }
}
