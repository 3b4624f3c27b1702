// Recording: a saved recording as its panel shows it: its figures, and that the reader is told when they take long.

import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { language, t } from "../model/l10n.ts";
import type { PanelState } from "../protocol/panel.ts";
import { Analysis } from "./analysis/analysis.ts";
import { remedyHere } from "./remedyHere.ts";
import { SavedFigures } from "./savedFigures.ts";

const PATIENCE_MILLIS = 1_000;

export class SavedReport extends SavedFigures implements vscode.Disposable {
  readonly #changed: vscode.EventEmitter<void>;
  readonly onDidChange: vscode.Event<void>;

  /** @param threadFile the built `analysis/thread.ts` */
  constructor(file: string, threadFile: string) {
    const changed = new vscode.EventEmitter<void>();
    super(file, () => new Analysis(threadFile, language()), {
      changed: () => changed.fire(),
      warn: (text) => log().warn(text),
      working: (answered) => showLate(file, answered),
    });
    this.#changed = changed;
    this.onDidChange = changed.event;
  }

  /** Of the last wish, in words. */
  get error(): PanelState["error"] {
    const { failure } = this;
    if (failure === null) return null;
    return failure instanceof UserError
      ? { message: failure.message, remedy: remedyHere(failure), action: null }
      : {
          message: t("The recording could not be read."),
          remedy: t("The log has the details."),
          action: "showLog",
        };
  }

  override dispose(): void {
    super.dispose();
    this.#changed.dispose();
  }
}

/** Above a second the status bar says that it takes time; who closes the panel need not wait. */
function showLate(file: string, answered: Promise<void>): void {
  const late = setTimeout(() => {
    const title = t("Darcy: reading {0}", basename(file));
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => answered);
  }, PATIENCE_MILLIS);
  void answered.finally(() => clearTimeout(late));
}
