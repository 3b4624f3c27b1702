// Editor: marks the hottest lines in the editors that show them, and keeps the marks right while the user types.

import * as vscode from "vscode";
import { setContext } from "../../common/context.ts";
import { Disposables } from "../../common/disposables.ts";
import { isUsers } from "../../common/isUsers.ts";
import { changeSetting, onDidChangeSetting, setting } from "../../common/settings.ts";
import { LINK_COMMANDS } from "../../contributions.ts";
import type { Category } from "../../protocol/categories.ts";
import { unpackHotspots } from "../../protocol/hotspotTable.ts";
import type { FileText } from "../../protocol/measuredTexts.ts";
import type { Hotspot } from "../../protocol/report.ts";
import { siteName } from "../../protocol/siteDetails.ts";
import { fileKey } from "../localPlace.ts";
import { annotationText } from "./annotationText.ts";
import { DecorationTypes } from "./decorationTypes.ts";
import { isInDiff } from "./diffEditors.ts";
import { documentKey } from "./documentPath.ts";
import { EditorDecorations, WantedDecorations } from "./editorDecorations.ts";
import { hoverText } from "./hoverText.ts";
import { type LineMark, lineMarks } from "./lineMarks.ts";
import { type MeasuredFile, MeasuredFiles } from "./measuredFiles.ts";
import { OtherCommit } from "./otherCommit.ts";
import type { Annotated, MeasuredDocument, ShownMark } from "./shown.ts";
import { type Measured, TrackedDocuments, textName } from "./trackedDocuments.ts";
import type { TrackedText } from "./trackedText.ts";

const LEAST_PAUSE_MILLIS = 1_000;

export class Annotations implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #types: DecorationTypes;
  #shown: Annotated | null = null;
  #cleared = false;
  #next: Annotated | null = null;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = 0;
  #marks = new Map<string, LineMark[]>();
  /** Of the documents that were asked for, by file. */
  readonly #hotspots = new Map<string, readonly Hotspot[]>();
  readonly #decorations = new EditorDecorations();
  readonly #tracked = new TrackedDocuments();
  readonly #files = new MeasuredFiles(() => {
    this.#draw();
    this.#changed.fire();
  });
  /** That the figures on show are of, by file. */
  #texts: ReadonlyMap<string, FileText> = new Map();
  readonly #otherCommit = new OtherCommit(isUsers);
  readonly #now = new Map<string, readonly ShownMark[]>();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<void>());
  /** Other figures, or none, or figures of another recording. */
  readonly onDidChange = this.#changed.event;

  constructor(media: vscode.Uri) {
    const add = (item: vscode.Disposable) => this.#disposables.add(item);
    this.#types = this.#disposables.add(new DecorationTypes(media));
    add(vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()));
    add(vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event)));
    add(vscode.workspace.onDidCloseTextDocument((document) => this.#tracked.forget(document)));
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
    return this.#now.get(fileKey(file)) ?? [];
  }

  /** What the figures on show cover; null: there are none. */
  get annotated(): Annotated | null {
    return this.#shown;
  }

  /** Null where nothing was measured in it. */
  measuredIn(document: vscode.TextDocument): MeasuredDocument | null {
    const shown = this.#shown;
    const key = shown === null ? undefined : this.#files.of(document, shown)?.key;
    if (shown === null || key === undefined) return null;
    const hotspots = this.#hotspotsOf(shown, key);
    if (hotspots.length === 0) return null;
    const tracked = this.#track(document, key, shown);
    return {
      annotated: shown,
      marks: this.#marks.get(key) ?? [],
      hotspots,
      changedBefore: !tracked.measuredTextKnown,
      textName: textName(this.#measuredOf(key, shown)),
      now: (measured) => tracked.find(measured - 1),
    };
  }

  /** All of them, however little they cost: what a function costs in all is summed from them. */
  #hotspotsOf({ report, others, suppressed }: Annotated, key: string): readonly Hotspot[] {
    const known = this.#hotspots.get(key);
    if (known !== undefined) return known;
    const rest = others === null ? [] : unpackHotspots(others, (file) => fileKey(file) === key);
    const all = [
      ...report.hotspots.filter(({ file }) => fileKey(file) === key),
      ...rest.filter((hotspot) => !suppressed.has(siteName(hotspot))),
    ];
    this.#hotspots.set(key, all);
    return all;
  }

  #set(annotated: Annotated | null): void {
    this.#dropNext();
    this.#drawnAt = performance.now();
    this.#shown = annotated;
    this.#hotspots.clear();
    this.#texts = new Map(annotated?.texts?.files.map((file) => [fileKey(file.file), file]));
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
    for (const mark of marks) {
      const key = fileKey(mark.file);
      this.#marks.set(key, [...(this.#marks.get(key) ?? []), mark]);
    }
    setContext("darcy.annotated", marks.length > 0);
    this.#draw();
    this.#changed.fire();
  }

  #draw(): void {
    this.#now.clear();
    for (const editor of vscode.window.visibleTextEditors) this.#drawIn(editor);
  }

  #drawIn(editor: vscode.TextEditor): void {
    const { document } = editor;
    const shown = this.#shown;
    const file = shown === null ? null : this.#files.of(document, shown);
    const off = file === null || !setting("darcy.annotations.enabled") || isInDiff(editor);
    const marks = off ? [] : (this.#marks.get(file.key) ?? []);
    const wanted = new WantedDecorations();
    const now: ShownMark[] = [];
    if (shown !== null && file !== null && marks.length > 0) {
      const tracked = this.#track(document, file.key, shown);
      const currentOnly = setting("darcy.annotations.currentLineOnly");
      for (const mark of marks) {
        const place = tracked.find(mark.line - 1);
        if (place === null || place.line >= document.lineCount) continue;
        const faded = place.shifted;
        const lineNow = (line: number) => {
          const now = tracked.find(line - 1);
          return now === null ? null : now.line + 1;
        };
        const text = annotationText(mark, shown.report, lineNow);
        const hover = hoverText(mark, {
          ...shown,
          glyph: (category) => this.#glyphMarkdown(category),
          moved: faded,
          lineNow,
          recorded: file.recorded,
          otherCommit: this.#otherCommitOf(document, file, shown),
        });
        const [{ category }, second] = mark.parts;
        const { range } = document.lineAt(place.line);
        if (!currentOnly || editor.selection.active.line === place.line) {
          wanted.add(this.#types.mark(category, faded), {
            range: new vscode.Range(range.end, range.end),
            hoverMessage: this.#markdown(hover),
            renderOptions: { after: { contentText: text } },
          });
          now.push({ line: place.line, text, hover, category, faded });
        }
        wanted.add(this.#types.ruler(category, second === undefined ? "full" : "left"), { range });
        if (second !== undefined) wanted.add(this.#types.ruler(second.category, "right"), { range });
      }
    }
    if (file !== null) this.#now.set(documentKey(document.uri) ?? file.key, now);
    this.#decorations.set(editor, this.#types.all, wanted);
  }

  #otherCommitOf({ uri }: vscode.TextDocument, { cwd }: MeasuredFile, { report }: Annotated): string | null {
    const isOnDisk = documentKey(uri) !== null;
    return isOnDisk ? this.#otherCommit.measured(report.commit ?? null, cwd, uri.fsPath) : null;
  }

  #track(document: vscode.TextDocument, key: string, shown: Annotated): TrackedText {
    return this.#tracked.of(document, this.#measuredOf(key, shown), () => {
      this.#draw();
      this.#changed.fire();
    });
  }

  #measuredOf(key: string, { report, texts }: Annotated): Measured {
    const file = this.#texts.get(key) ?? { file: key, whole: null, lines: [] };
    return { file, sinceMs: texts?.sinceMs ?? Date.parse(report.startedAt) };
  }

  #edited(event: vscode.TextDocumentChangeEvent): void {
    if (event.contentChanges.length === 0 || this.#shown === null) return;
    const key = this.#files.of(event.document, this.#shown)?.key;
    if (key !== undefined && this.#marks.has(key)) this.#draw();
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
