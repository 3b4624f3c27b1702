// Editor: whose marks stand beside the code, remembered beyond the window's end: that recording has them again once it is open.

import type * as vscode from "vscode";
import type { Annotations } from "./annotations.ts";

const MARKED_KEY = "darcy.marked";
/** The one that runs or ran last in its window; others go by their URI. */
const LIVE = "live";

export class MarkedRecording implements vscode.Disposable {
  /** Of the window's former life, until anything is marked in this one. */
  #before: unknown;
  #kept: unknown;
  readonly #following: vscode.Disposable;

  /** @param left the file of the recording that the window's end left behind */
  constructor(
    private readonly annotations: Pick<Annotations, "annotated" | "onDidChange">,
    private readonly memory: Pick<vscode.Memento, "get" | "update">,
    private readonly left: () => string | null,
  ) {
    this.#before = memory.get(MARKED_KEY);
    this.#kept = this.#before;
    this.#following = annotations.onDidChange(() => this.#follow());
  }

  /** It had the marks when the window ended, and no other has had them since. */
  had(uri: vscode.Uri): boolean {
    if (this.#before === undefined) return false;
    return this.#before === LIVE ? uri.fsPath === this.left() : this.#before === uri.toString();
  }

  dispose(): void {
    this.#following.dispose();
  }

  #follow(): void {
    const { annotated } = this.annotations;
    this.#before = undefined;
    const now = annotated === null ? undefined : (annotated.saved?.toString() ?? LIVE);
    if (now === this.#kept) return;
    this.#kept = now;
    void this.memory.update(MARKED_KEY, now);
  }
}
