// Commands: the questions about a load: where to, and numbers.

import * as vscode from "vscode";
import { formatCount } from "../model/format.ts";
import { t } from "../model/l10n.ts";
import type { LoadRequest } from "../recording/loadRequest.ts";

/** Null: the user does not want to answer. */
export async function askTarget(
  title: string,
  prompt: string,
  value: string,
): Promise<Pick<LoadRequest, "method" | "path"> | null> {
  const text = await input(title, prompt, value, (typed) =>
    parseTarget(typed) === null ? t("A path that begins with /, as /orders or POST /orders") : null,
  );
  return text === undefined ? null : parseTarget(text);
}

export async function input(
  title: string,
  prompt: string,
  value: string,
  check: (text: string) => string | null,
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt,
    value,
    valueSelection: [0, value.length],
    validateInput: (text) => check(text.trim()),
  });
}

export function parseTarget(text: string): Pick<LoadRequest, "method" | "path"> | null {
  const match = /^(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+)?(\/\S*)$/i.exec(text.trim());
  return match?.[2] === undefined ? null : { method: (match[1] ?? "GET").toUpperCase(), path: match[2] };
}

export function wholeWithin(least: number, most: number): (text: string) => string | null {
  return (text) =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
      ? null
      : t("A whole number from {0} to {1}", least, formatCount(most));
}
