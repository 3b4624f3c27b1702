// Front: brings in the rest of the extension, once, when something of ours is used; says so when that fails.

import * as vscode from "vscode";
import { t, useWords } from "./model/l10n.ts";
import type { Parts, Seats } from "./parts.ts";

/** @returns asks for the parts; throws what it has told the user when they can't be loaded, and tries again when asked again */
export function partsOf(context: vscode.ExtensionContext, seats: Seats): (() => Parts) & { loaded: boolean } {
  let parts: Parts | undefined;
  const load = () => {
    // Of itself: a bundle beside this one, so that activation does not read it. At once: what asks wants its answer now.
    const { assemble } = require("./parts.js") as typeof import("./parts.ts");
    return assemble(context, seats);
  };
  const ask = () => {
    try {
      parts ??= load();
    } catch (error) {
      const told = loadError(error);
      console.error("Darcy:", error);
      void vscode.window.showErrorMessage(told.message);
      throw told;
    }
    ask.loaded = true;
    return parts;
  };
  ask.loaded = false;
  return ask;
}

/** What is wrong, and what to do: a file is gone or damaged, or this editor lacks what we need. */
function loadError(error: unknown): Error {
  useWords(vscode.l10n.bundle);
  const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
  return new Error(
    t("Darcy could not be loaded ({0}). Install the extension anew, then reload the window.", reason),
    { cause: error },
  );
}
