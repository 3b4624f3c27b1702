// Commands: what the user is told of a recording that could not be kept for after a reload: they have it still, and can save it.

import * as vscode from "vscode";
import { errorText } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";
import { saveAndOffer } from "./saveRecording.ts";
import { shown } from "./showError.ts";

/** @param ended else it is tried again */
export async function tellUnkept(
  services: Services,
  title: string,
  error: unknown,
  ended: boolean,
): Promise<void> {
  log().warn(`${title} could not be kept: ${errorText(error)}`);
  if (!ended) return;
  const button = t("Save");
  const answer = await vscode.window.showWarningMessage(
    t(
      "{0} will be gone when this window closes or reloads: it could not be kept. {1}",
      title,
      errorText(error),
    ),
    button,
  );
  if (answer === button) await shown(saveAndOffer)(services);
}
