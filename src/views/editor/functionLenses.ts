// Editor: one line above each hot function, with what it costs in all. Off unless asked for; VS Code asks only for documents
// that are seen.

import * as vscode from "vscode";
import { Disposables } from "../../common/disposables.ts";
import { onDidChangeSetting, setting } from "../../common/settings.ts";
import { LINK_COMMANDS } from "../../contributions.ts";
import type { Annotations } from "./annotations.ts";
import { HotFunctions } from "./hotFunctions.ts";
import { editorLines, LineTracker } from "./lineTracker.ts";
import type { MeasuredDocument } from "./shown.ts";

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
    this.#known.get(document)?.lines.follow(editorLines(document.getText()));
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

  #functionsOf(document: vscode.TextDocument, measured: MeasuredDocument): Known["functions"] {
    const { annotated, textName } = measured;
    const recording = [annotated.saved?.toString() ?? "", annotated.report.startedAt, textName].join(" ");
    const known = this.#known.get(document);
    if (known?.recording === recording) return known.functions;
    const text = document.getText();
    const lines = new LineTracker(editorLines(text));
    const functions = parse(text, document.languageId, lines);
    this.#known.set(document, { recording, lines, functions });
    return functions;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

async function parse(text: string, languageId: string, lines: LineTracker): Promise<HotFunctions | null> {
  const { functionRanges } = await import("./functionRanges.ts");
  const ranges = functionRanges(text, languageId.startsWith("typescript"));
  return ranges === null ? null : new HotFunctions(ranges, lines);
}
