// Editor: the documents whose lines are followed from when they were first looked at, as they were measured, through every edit.

import * as vscode from "vscode";
import { LineTracker } from "./lineTracker.ts";

export interface Tracked {
  readonly lines: LineTracker;
  /** The file was newer than the recording when it was first seen: its lines may have moved unseen. */
  changedBefore: boolean;
  /** When the recording was made whose lines these are. */
  readonly measuredAtMillis: number;
}

export class TrackedDocuments {
  readonly #tracked = new Map<vscode.TextDocument, Tracked>();

  /** @param found called when the file turns out to be newer than the recording */
  of(document: vscode.TextDocument, measuredAtMillis: number, found: () => void): Tracked {
    const known = this.#tracked.get(document);
    if (known?.measuredAtMillis === measuredAtMillis) return known;
    const tracked: Tracked = {
      lines: new LineTracker(document.lineCount),
      changedBefore: document.isDirty,
      measuredAtMillis,
    };
    this.#tracked.set(document, tracked);
    if (!tracked.changedBefore)
      void changedAt(document).then((millis) => {
        if (!(millis > measuredAtMillis)) return;
        tracked.changedBefore = true;
        found();
      });
    return tracked;
  }

  /** A document that was not seen before it is edited is looked at when it is shown. */
  edited(event: vscode.TextDocumentChangeEvent): void {
    const tracked = this.#tracked.get(event.document);
    if (tracked !== undefined) follow(tracked.lines, event);
  }

  forget(document: vscode.TextDocument): void {
    this.#tracked.delete(document);
  }

  clear(): void {
    this.#tracked.clear();
  }
}

export function follow(
  lines: LineTracker,
  { document, contentChanges }: vscode.TextDocumentChangeEvent,
): void {
  for (const { range, text } of contentChanges)
    lines.apply({
      startLine: range.start.line,
      startCharacter: range.start.character,
      endLine: range.end.line,
      endCharacter: range.end.character,
      text,
      endsLine: contentChanges.length === 1 && endsLine(document, range.start.line, text),
    });
}

/** Milliseconds since 1970; 0 where nobody knows. */
async function changedAt({ uri }: vscode.TextDocument): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return 0;
  }
}

/** Whether nothing of the old line follows what was put in. */
function endsLine(document: vscode.TextDocument, startLine: number, text: string): boolean {
  const inserted = text.split("\n");
  const line = startLine + inserted.length - 1;
  return line < document.lineCount && document.lineAt(line).text.length === (inserted.at(-1) ?? "").length;
}
