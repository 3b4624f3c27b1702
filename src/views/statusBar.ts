// Views: one item in the status bar while a server is recorded.

import * as vscode from "vscode";
import { COMMANDS } from "../contributions.ts";
import type { Recorder } from "../recording/recorder.ts";
import { statusText, statusTooltip } from "./statusText.ts";

export class StatusBar implements vscode.Disposable {
  #item: vscode.StatusBarItem | null = null;
  readonly #listener: vscode.Disposable;

  constructor(private readonly recorder: Recorder) {
    this.#listener = recorder.onDidChange(() => this.#update());
  }

  #update(): void {
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
    this.#listener.dispose();
    this.#item?.dispose();
  }
}
