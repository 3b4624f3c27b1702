// Commands: how an error reaches the user: what is wrong and what to do; a defect of ours goes to the log; what the user canceled
// is none.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";

export async function showError(error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof UserError) {
    log().warn(`${error.message} ${error.remedy}`);
    await vscode.window.showErrorMessage(`${error.message} ${error.remedy}`);
    return;
  }
  log().error(error instanceof Error ? error : String(error));
  const button = t("Show Log");
  const answer = await vscode.window.showErrorMessage(
    t("Darcy could not do that. Its log has the details."),
    button,
  );
  if (answer === button) log().show();
}

/** A command's body whose errors are shown instead of thrown. */
export function shown<A extends unknown[]>(
  body: (...words: A) => Promise<void> | void,
): (...words: A) => Promise<void> {
  return async (...words) => {
    try {
      await body(...words);
    } catch (error) {
      await showError(error);
    }
  };
}
