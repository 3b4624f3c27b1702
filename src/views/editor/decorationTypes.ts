// Editor: how a mark looks: the category's glyph, then words, three characters after the line; and its place in
// the overview ruler.

import * as vscode from "vscode";
import { COLOURS } from "../../contributions.ts";
import type { Category } from "../../protocol/categories.ts";

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
    return this.#get(`mark ${category} ${faded}`, () => {
      const glyph = (theme: "dark" | "light") => ({
        before: {
          contentIconPath: this.glyph(category, theme),
          margin: "0 0 0 3ch",
          width: GLYPH_SIZE,
          height: GLYPH_SIZE,
          textDecoration: `${faded ? FADED : "none"}; vertical-align: middle`,
        },
      });
      return vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        light: glyph("light"),
        dark: glyph("dark"),
        after: {
          margin: "0 0 0 0.6ch",
          color: new vscode.ThemeColor(COLOURS.annotation),
          fontStyle: "normal",
          fontWeight: "normal",
          ...(faded ? { textDecoration: FADED } : {}),
        },
      });
    });
  }

  ruler(category: Category, lane: Lane): vscode.TextEditorDecorationType {
    return this.#get(`ruler ${category} ${lane}`, () =>
      vscode.window.createTextEditorDecorationType({
        overviewRulerColor: new vscode.ThemeColor(COLOURS[category]),
        overviewRulerLane: LANES[lane],
      }),
    );
  }

  glyph(category: Category, theme: "dark" | "light"): vscode.Uri {
    return vscode.Uri.joinPath(this.media, "glyphs", `${category}-${theme}.svg`);
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
