// Views: Markdown that Darcy writes itself, shown in VS Code's own preview: comparisons and explanations.

import * as vscode from "vscode";
import { DOCUMENT_SCHEME } from "../contributions.ts";
import { t } from "../model/l10n.ts";

const MOST_KEPT = 20;

export class Documents implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();

  /** @param changed of the provider that is registered */
  constructor(private readonly changed: Pick<vscode.EventEmitter<vscode.Uri>, "fire">) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? `${t("This is no longer kept. Make it again.")}\n`;
  }

  /** @param name the tab's title; the same name shows in the same tab */
  async show(name: string, markdown: string): Promise<void> {
    const path = `/${name.replace(/[/\\]/g, "∕")}.md`;
    const uri = vscode.Uri.from({ scheme: DOCUMENT_SCHEME, path });
    this.#texts.delete(path);
    this.#texts.set(path, markdown);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_KEPT && oldest !== undefined) this.#texts.delete(oldest);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    } catch {
      // An editor without VS Code's own Markdown extension.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }
  }
}
