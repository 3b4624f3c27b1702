// Editor: one line above each hot function, with what it costs in all. Off unless asked for; VS Code asks only for documents
// that are seen.

import * as vscode from "vscode";
import { Disposables } from "../../common/disposables.ts";
import { onDidChangeSetting, setting } from "../../common/settings.ts";
import { LINK_COMMANDS } from "../../contributions.ts";
import type { Annotations, MeasuredDocument } from "./annotations.ts";
import { HotFunctions } from "./hotFunctions.ts";
import { LineTracker } from "./lineTracker.ts";
import { follow } from "./trackedDocuments.ts";

const LANGUAGES = ["javascript", "javascriptreact", "typescript", "typescriptreact"];

export class FunctionLenses implements vscode.Disposable {
  readonly #disposables = new Disposables();
  #provided: vscode.Disposable | null = null;

  constructor(private readonly annotations: Annotations) {
    this.#disposables.add(onDidChangeSetting("darcy.codeLens.enabled", () => this.#follow()));
    this.#follow();
  }

  #follow(): void {
    const wanted = setting("darcy.codeLens.enabled");
    if (wanted === (this.#provided !== null)) return;
    this.#provided?.dispose();
    this.#provided = null;
    if (!wanted) return;
    const provider = new LensProvider(this.annotations);
    const registration = vscode.languages.registerCodeLensProvider(
      LANGUAGES.map((language) => ({ language })),
      provider,
    );
    this.#provided = vscode.Disposable.from(registration, provider);
  }

  dispose(): void {
    this.#provided?.dispose();
    this.#disposables.dispose();
  }
}

interface Known {
  readonly recording: string;
  readonly lines: LineTracker;
  /** Null: the text can't be read. */
  readonly functions: Promise<HotFunctions | null>;
}

class LensProvider implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #known = new Map<vscode.TextDocument, Known>();

  constructor(private readonly annotations: Annotations) {
    const add = (item: vscode.Disposable) => this.#disposables.add(item);
    add(annotations.onDidChange(() => this.#changed.fire()));
    add(vscode.workspace.onDidCloseTextDocument((document) => this.#known.delete(document)));
    add(
      vscode.workspace.onDidChangeTextDocument((event) => {
        const known = this.#known.get(event.document);
        if (known !== undefined) follow(known.lines, event);
      }),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const before = this.annotations.measuredIn(document);
    // Nothing to show, and no reason to read it.
    if (before === null || (before.marks.length === 0 && !this.#known.has(document))) return [];
    const functions = await this.#functionsOf(document, before);
    // It may have been edited, or cleared, meanwhile.
    const measured = this.annotations.measuredIn(document);
    if (functions === null || measured === null) return [];
    const { marks, annotated } = measured;
    const { scopeLabel, report } = annotated;
    const lines = {
      ...measured,
      marked: marks.map(({ line }) => line),
      scopeLabel,
      perSecond: report.requests.perSecond,
    };
    return functions.show(lines).map(
      ({ line, title, tooltip, dearest }) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title: `$(pulse) ${title}`,
          tooltip,
          command: LINK_COMMANDS.showInPanel,
          ...(dearest === null ? {} : { arguments: [{ file: dearest.file, line: dearest.line }] }),
        }),
    );
  }

  #functionsOf(document: vscode.TextDocument, { annotated }: MeasuredDocument): Known["functions"] {
    const recording = `${annotated.saved?.toString() ?? ""} ${annotated.report.startedAt}`;
    const known = this.#known.get(document);
    if (known?.recording === recording) return known.functions;
    const lines = new LineTracker(document.lineCount);
    const functions = parse(document, lines);
    this.#known.set(document, { recording, lines, functions });
    return functions;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

async function parse(document: vscode.TextDocument, lines: LineTracker): Promise<HotFunctions | null> {
  const { lineCount, languageId } = document;
  // Before anything is awaited: edits are followed from this text.
  const text = document.getText();
  const { functionRanges } = await import("./functionRanges.ts");
  const ranges = functionRanges(text, languageId.startsWith("typescript"));
  return ranges === null ? null : new HotFunctions(ranges, lines, lineCount);
}
