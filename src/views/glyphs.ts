// Views: the categories' glyphs as pictures, for where VS Code takes no drawing of ours.

import * as vscode from "vscode";
import type { Category } from "../protocol/categories.ts";

const GLYPH_THEMES: Readonly<Record<vscode.ColorThemeKind, string>> = {
  [vscode.ColorThemeKind.Light]: "light",
  [vscode.ColorThemeKind.Dark]: "dark",
  [vscode.ColorThemeKind.HighContrast]: "hc-dark",
  [vscode.ColorThemeKind.HighContrastLight]: "hc-light",
};

/** In the active theme's kind; high contrast has its own, which the `light` and `dark` of an API do not know. */
export function glyphOf(category: Category, media: vscode.Uri): vscode.Uri {
  const theme = GLYPH_THEMES[vscode.window.activeColorTheme.kind];
  return vscode.Uri.joinPath(media, "glyphs", `${category}-${theme}.svg`);
}
