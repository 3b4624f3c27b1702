// Editor: the documents that were looked at, each against the text that was measured. What is kept of one goes by that text:
// a server that was started anew, or another recording, begins anew where it measured another one.

import * as vscode from "vscode";
import type { FileText } from "../../protocol/measuredTexts.ts";
import { TrackedText } from "./trackedText.ts";

export interface Measured {
  readonly file: FileText;
  /** See `MeasuredTexts`. */
  readonly sinceMs: number;
}

interface Tracked {
  readonly name: string;
  readonly text: TrackedText;
  file: FileText;
  /** Of the document, as it was looked at last. */
  version: number;
}

/** One for each text that a file had when it was measured. */
export function textName({ file: { whole }, sinceMs }: Measured): string {
  return whole ?? `unchanged since ${sinceMs}`;
}

export class TrackedDocuments {
  readonly #tracked = new Map<vscode.TextDocument, Tracked>();

  /** @param found called when more is known of its lines, later */
  of(document: vscode.TextDocument, measured: Measured, found: () => void): TrackedText {
    const name = textName(measured);
    let tracked = this.#tracked.get(document);
    if (tracked?.name !== name) {
      tracked = { name, text: new TrackedText(measured.file), file: measured.file, version: -1 };
      this.#tracked.set(document, tracked);
    }
    const isNew = tracked.version < 0;
    const { text } = tracked;
    if (tracked.file !== measured.file) text.update(measured.file);
    tracked.file = measured.file;
    if (tracked.version !== document.version) text.follow(document.getText());
    tracked.version = document.version;
    if (isNew && !text.measuredTextKnown) void offerFile(document, text, measured.sinceMs, found);
    return text;
  }

  forget(document: vscode.TextDocument): void {
    this.#tracked.delete(document);
  }

  clear(): void {
    this.#tracked.clear();
  }
}

/** The document may have been edited, and not saved, before it was first looked at. */
async function offerFile(
  { uri }: vscode.TextDocument,
  text: TrackedText,
  sinceMs: number,
  found: () => void,
): Promise<void> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    // After it was read, so that what was changed in between does not pass for unchanged.
    const { mtime } = await vscode.workspace.fs.stat(uri);
    text.offer(new TextDecoder().decode(bytes), mtime <= sinceMs);
    if (text.measuredTextKnown) found();
  } catch {
    // What can't be read tells nothing.
  }
}
