// Editor: sets an editor's decorations where they are others than it has: setting them anew, though they be the same, takes away the
// hover that is being read.

import type * as vscode from "vscode";

interface Wanted {
  readonly type: vscode.TextEditorDecorationType;
  readonly options: vscode.DecorationOptions[];
}

/** What an editor is to show. */
export class WantedDecorations {
  readonly #byType = new Map<string, Wanted>();

  add(type: vscode.TextEditorDecorationType, options: vscode.DecorationOptions): void {
    const wanted = this.#byType.get(type.key) ?? { type, options: [] };
    this.#byType.set(type.key, wanted);
    wanted.options.push(options);
  }

  of({ key }: vscode.TextEditorDecorationType): readonly vscode.DecorationOptions[] {
    return this.#byType.get(key)?.options ?? [];
  }
}

export class EditorDecorations {
  /** What each editor has, by type, in one text. */
  readonly #has = new WeakMap<vscode.TextEditor, Map<string, string>>();

  /** @param types all that an editor may have */
  set(
    editor: vscode.TextEditor,
    types: Iterable<vscode.TextEditorDecorationType>,
    wanted: WantedDecorations,
  ): void {
    const has = this.#has.get(editor) ?? new Map<string, string>();
    this.#has.set(editor, has);
    const { version } = editor.document;
    for (const type of types) {
      const options = wanted.of(type);
      // An edit moves what the editor has.
      const now = options.length === 0 ? "" : `${version} ${JSON.stringify(options)}`;
      if (now === (has.get(type.key) ?? "")) continue;
      has.set(type.key, now);
      editor.setDecorations(type, options);
    }
  }
}
