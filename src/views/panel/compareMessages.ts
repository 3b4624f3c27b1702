// Comparison: narrows what its webview says, and what VS Code kept of it; whatever else arrives is dropped. Pure.

import type { FromCompareView } from "../../protocol/comparePanel.ts";
import { toPanelMessage } from "./messages.ts";

const MOST_PATH = 32_768;

export function toCompareMessage(value: unknown): FromCompareView | null {
  if (!isRecord(value)) return null;
  if (value.type === "markdown" || value.type === "export") return { type: value.type };
  if (value.type === "choose") {
    const { before, after } = value;
    return isPath(before) && isPath(after) ? { type: "choose", before, after } : null;
  }
  const message = toPanelMessage(value);
  return message?.type === "ready" || message?.type === "open" || message?.type === "copy" ? message : null;
}

/** The two recordings of a view that stood before the window was reloaded. */
export function toKeptPaths(kept: unknown): { readonly before: string; readonly after: string } | null {
  if (!isRecord(kept)) return null;
  const { before, after } = kept;
  return isPath(before) && isPath(after) && before !== "" && after !== "" ? { before, after } : null;
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.length <= MOST_PATH;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
