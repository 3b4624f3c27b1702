// Panel: the theme's colours as canvas needs them, resolved, and told anew when the theme changes.

import { CATEGORIES, type Category } from "../src/protocol/categories.ts";
import { element } from "./element.ts";

export interface Palette {
  readonly of: Readonly<Record<Category, string>>;
  readonly fg: string;
  readonly muted: string;
  readonly faint: string;
  readonly bg: string;
  readonly line: string;
  readonly cover: string;
  readonly fontFamily: string;
  readonly highContrast: boolean;
}

const TOKENS = ["fg", "muted", "faint", "bg", "line", "cover"] as const;

export function readPalette(): Palette {
  const probe = element("span", "colour-probe");
  document.body.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const [fg, muted, faint, bg, line, cover] = TOKENS.map(read) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const of = Object.fromEntries(CATEGORIES.map((category) => [category, read(category)])) as Record<
    Category,
    string
  >;
  const { fontFamily } = getComputedStyle(document.body);
  probe.remove();
  return {
    of,
    fg,
    muted,
    faint,
    bg,
    line,
    cover,
    fontFamily,
    highContrast:
      document.body.classList.contains("vscode-high-contrast") ||
      document.body.classList.contains("vscode-high-contrast-light"),
  };
}

/** VS Code changes the body's class and the root's style when the theme changes. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-kind"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
}

export function reducedMotion(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") ||
    matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
