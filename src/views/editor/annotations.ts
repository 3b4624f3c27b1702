// Editor: marks the hottest lines in the editors that show them, and keeps the marks right while the user types.

import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { gitCommit } from "../../collector/gitCommit.ts";
import { setContext } from "../../common/context.ts";
import { Disposables } from "../../common/disposables.ts";
import { changeSetting, onDidChangeSetting, setting } from "../../common/settings.ts";
import { LINK_COMMANDS } from "../../contributions.ts";
import type { Category } from "../../protocol/categories.ts";
import type { Report } from "../../protocol/report.ts";
import { annotationText } from "./annotationText.ts";
import { DecorationTypes } from "./decorationTypes.ts";
import { isInDiff } from "./diffEditors.ts";
import { hoverText } from "./hoverText.ts";
import { type LineMark, lineMarks } from "./lineMarks.ts";
import { LineTracker } from "./lineTracker.ts";

const LEAST_PAUSE_MILLIS = 1_000;
const COMMIT_KNOWN_MILLIS = 10_000;

/** A report to show beside the code, and what its figures cover. */
export interface Annotated {
  readonly report: Report;
  readonly scopeLabel: string;
}

/** One mark as an editor shows it now. */
export interface ShownMark {
  /** From 0. */
  readonly line: number;
  readonly text: string;
  readonly hover: string;
  readonly category: Category;
  readonly faded: boolean;
}

interface Tracked {
  readonly lines: LineTracker;
  /** The file was newer than the recording when it was first seen: its lines may have moved unseen. */
  changedBefore: boolean;
}

export class Annotations implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #types: DecorationTypes;
  #shown: Annotated | null = null;
  #cleared = false;
  #next: Annotated | null = null;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = 0;
  #marks = new Map<string, LineMark[]>();
  readonly #tracked = new Map<vscode.TextDocument, Tracked>();
  #commits: { of: string; now: string | null; until: number } = { of: "", now: null, until: 0 };
  readonly #now = new Map<string, readonly ShownMark[]>();

  constructor(media: vscode.Uri) {
    const add = (item: vscode.Disposable) => this.#disposables.add(item);
    this.#types = this.#disposables.add(new DecorationTypes(media));
    add(vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()));
    add(vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event)));
    add(vscode.workspace.onDidCloseTextDocument((document) => this.#tracked.delete(document)));
    add(onDidChangeSetting("darcy.annotations.enabled", () => this.#draw()));
    add(onDidChangeSetting("darcy.annotations.top", () => this.#remark()));
    add(onDidChangeSetting("darcy.annotations.leastMicros", () => this.#remark()));
    add(onDidChangeSetting("darcy.annotations.currentLineOnly", () => this.#draw()));
    add(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (this.#shown !== null && setting("darcy.annotations.currentLineOnly")) this.#drawIn(textEditor);
      }),
    );
    add(vscode.window.onDidChangeActiveColorTheme(() => this.#draw()));
  }

  /** A new recording measures what is on disk: lines count from there. */
  begin(): void {
    this.#tracked.clear();
    this.#cleared = false;
    this.#set(null);
  }

  /**
   * New figures of a running recording, shown once a second at the most. After `clear` they stay away until they
   * are asked for.
   */
  update(annotated: Annotated): void {
    if (this.#cleared) return;
    this.#next = annotated;
    this.#timer ??= setTimeout(
      () => this.#takeNext(),
      Math.max(0, this.#drawnAt + LEAST_PAUSE_MILLIS - performance.now()),
    );
  }

  #takeNext(): void {
    const next = this.#next;
    this.#dropNext();
    if (next !== null) this.#set(next);
  }

  #dropNext(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = null;
  }

  show(annotated: Annotated): void {
    this.#cleared = false;
    this.#set(annotated);
  }

  clear(): void {
    this.#cleared = true;
    this.#set(null);
  }

  async toggle(): Promise<void> {
    await changeSetting("darcy.annotations.enabled", !setting("darcy.annotations.enabled"));
  }

  /** What stands beside a file's code at this moment. */
  marksIn(file: string): readonly ShownMark[] {
    return this.#now.get(file) ?? [];
  }

  #set(annotated: Annotated | null): void {
    this.#dropNext();
    this.#drawnAt = performance.now();
    this.#shown = annotated;
    this.#remark();
  }

  #remark(): void {
    this.#marks = new Map();
    const marks =
      this.#shown === null
        ? []
        : lineMarks(
            this.#shown.report,
            setting("darcy.annotations.top"),
            setting("darcy.annotations.leastMicros"),
          );
    for (const mark of marks) this.#marks.set(mark.file, [...(this.#marks.get(mark.file) ?? []), mark]);
    setContext("darcy.annotated", marks.length > 0);
    this.#draw();
  }

  #draw(): void {
    this.#now.clear();
    for (const editor of vscode.window.visibleTextEditors) this.#drawIn(editor);
  }

  #drawIn(editor: vscode.TextEditor): void {
    const { document } = editor;
    const shown = this.#shown;
    const marks =
      shown === null ||
      !setting("darcy.annotations.enabled") ||
      document.uri.scheme !== "file" ||
      isInDiff(editor)
        ? []
        : (this.#marks.get(document.fileName) ?? []);
    const wanted = new Map<vscode.TextEditorDecorationType, vscode.DecorationOptions[]>();
    const add = (type: vscode.TextEditorDecorationType, options: vscode.DecorationOptions) =>
      wanted.set(type, [...(wanted.get(type) ?? []), options]);
    const now: ShownMark[] = [];
    if (shown !== null && marks.length > 0) {
      const tracked = this.#track(document);
      const currentOnly = setting("darcy.annotations.currentLineOnly");
      for (const mark of marks) {
        const place = tracked.lines.find(mark.line - 1);
        if (place === null || place.line >= document.lineCount) continue;
        const faded = place.shifted || tracked.changedBefore;
        const lineNow = (line: number) => {
          const now = tracked.changedBefore ? null : tracked.lines.find(line - 1);
          return now === null ? null : now.line + 1;
        };
        const text = annotationText(mark, shown.report, lineNow);
        const hover = hoverText(mark, {
          ...shown,
          glyph: (category) => this.#glyphMarkdown(category),
          moved: faded,
          lineNow,
          otherCommit: this.#otherCommit(shown.report, document),
        });
        const [{ category }, second] = mark.parts;
        const { range } = document.lineAt(place.line);
        if (!currentOnly || editor.selection.active.line === place.line) {
          add(this.#types.mark(category, faded), {
            range: new vscode.Range(range.end, range.end),
            hoverMessage: this.#markdown(hover),
            renderOptions: { after: { contentText: text } },
          });
          now.push({ line: place.line, text, hover, category, faded });
        }
        add(this.#types.ruler(category, second === undefined ? "full" : "left"), { range });
        if (second !== undefined) add(this.#types.ruler(second.category, "right"), { range });
      }
    }
    this.#now.set(document.fileName, now);
    for (const [type, options] of wanted) editor.setDecorations(type, options);
    for (const type of this.#types.all) if (!wanted.has(type)) editor.setDecorations(type, []);
  }

  /** Looked up every ten seconds at the most. */
  #otherCommit({ commit = null }: Report, { uri }: vscode.TextDocument): string | null {
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
    if (commit === null || folder === undefined) return null;
    if (this.#commits.of !== folder || this.#commits.until < performance.now())
      this.#commits = { of: folder, now: gitCommit(folder), until: performance.now() + COMMIT_KNOWN_MILLIS };
    return this.#commits.now === null || this.#commits.now === commit ? null : commit;
  }

  #track(document: vscode.TextDocument): Tracked {
    const known = this.#tracked.get(document);
    if (known !== undefined) return known;
    const tracked: Tracked = { lines: new LineTracker(document.lineCount), changedBefore: document.isDirty };
    this.#tracked.set(document, tracked);
    void this.#compareWithFile(document, tracked);
    return tracked;
  }

  async #compareWithFile(document: vscode.TextDocument, tracked: Tracked): Promise<void> {
    const measuredAt = Date.parse(this.#shown?.report.startedAt ?? "");
    const changedAt = await stat(document.fileName).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (!(changedAt > measuredAt) || tracked.changedBefore) return;
    tracked.changedBefore = true;
    this.#draw();
  }

  #edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || document.uri.scheme !== "file" || this.#shown === null) return;
    const tracked = this.#tracked.get(document);
    // Not seen before it was edited: it is looked at when it is shown, and is then newer than the recording.
    if (tracked === undefined) return;
    for (const { range, text } of contentChanges) {
      tracked.lines.apply({
        startLine: range.start.line,
        startCharacter: range.start.character,
        endLine: range.end.line,
        endCharacter: range.end.character,
        text,
        endsLine: contentChanges.length === 1 && endsLine(document, range.start.line, text),
      });
    }
    if (this.#marks.has(document.fileName)) this.#draw();
  }

  #markdown(text: string): vscode.MarkdownString {
    const markdown = new vscode.MarkdownString(text, true);
    markdown.isTrusted = { enabledCommands: Object.values(LINK_COMMANDS) };
    markdown.supportHtml = true;
    return markdown;
  }

  #glyphMarkdown(category: Category): string {
    // As Markdown, not as <img>: only these addresses are mapped where the extension runs on another machine.
    return `![](${this.#types.glyph(category).toString()}|width=14,height=14)`;
  }

  dispose(): void {
    this.#dropNext();
    this.#disposables.dispose();
    setContext("darcy.annotated", false);
  }
}

/** Whether nothing of the old line follows what was put in. */
function endsLine(document: vscode.TextDocument, startLine: number, text: string): boolean {
  const inserted = text.split("\n");
  const line = startLine + inserted.length - 1;
  return line < document.lineCount && document.lineAt(line).text.length === (inserted.at(-1) ?? "").length;
}
