// Editor: how a mark looks: the category's glyph, then words, three characters after the line; and its place in
// the overview ruler.

import * as vscode from "vscode";
import { COLOURS } from "../../contributions.ts";
import type { Category } from "../../protocol/categories.ts";
import { glyphOf } from "../glyphs.ts";

/** Side by side where a line has two. */
export type Lane = "full" | "left" | "right";

const LANES: Readonly<Record<Lane, vscode.OverviewRulerLane>> = {
  full: vscode.OverviewRulerLane.Full,
  left: vscode.OverviewRulerLane.Left,
  right: vscode.OverviewRulerLane.Right,
};
const GLYPH_SIZE = "13px";
const FADED = "none; opacity: 0.6";

export class DecorationTypes implements vscode.Disposable {
  readonly #made = new Map<string, vscode.TextEditorDecorationType>();

  constructor(private readonly media: vscode.Uri) {}

  /** The glyph; its instances bring the text. Faded: the line has moved since it was measured. */
  mark(category: Category, faded: boolean): vscode.TextEditorDecorationType {
    const { kind } = vscode.window.activeColorTheme;
    return this.#get(`mark ${category} ${faded} ${kind}`, () =>
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        before: {
          contentIconPath: this.glyph(category),
          margin: "0 0 0 3ch",
          width: GLYPH_SIZE,
          height: GLYPH_SIZE,
          textDecoration: `${faded ? FADED : "none"}; vertical-align: middle`,
        },
        after: {
          margin: "0 0 0 0.6ch",
          color: new vscode.ThemeColor(COLOURS.annotation),
          fontStyle: "normal",
          fontWeight: "normal",
          ...(faded ? { textDecoration: FADED } : {}),
        },
      }),
    );
  }

  ruler(category: Category, lane: Lane): vscode.TextEditorDecorationType {
    return this.#get(`ruler ${category} ${lane}`, () =>
      vscode.window.createTextEditorDecorationType({
        overviewRulerColor: new vscode.ThemeColor(COLOURS[category]),
        overviewRulerLane: LANES[lane],
      }),
    );
  }

  glyph(category: Category): vscode.Uri {
    return glyphOf(category, this.media);
  }

  /** All that were made, so that those no longer used can be emptied. */
  get all(): Iterable<vscode.TextEditorDecorationType> {
    return this.#made.values();
  }

  #get(key: string, make: () => vscode.TextEditorDecorationType): vscode.TextEditorDecorationType {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return made;
  }

  dispose(): void {
    for (const type of this.#made.values()) type.dispose();
    this.#made.clear();
  }
}
