// Report: a terminal's styles. Colour says the category and nothing else; texture says the kind of time.

import type { Category } from "../protocol/categories.ts";

export interface Style {
  strong(text: string): string;
  muted(text: string): string;
  category(category: Category, text: string): string;
}

const COLOUR: Readonly<Record<Category, number>> = { copies: 34, switches: 33, allocations: 36, locks: 35 };

export const PLAIN: Style = {
  strong: (text) => text,
  muted: (text) => text,
  category: (_category, text) => text,
};
export const COLOURED: Style = {
  strong: (text) => `\u001b[1m${text}\u001b[22m`,
  muted: (text) => `\u001b[2m${text}\u001b[22m`,
  category: (category, text) => `\u001b[${COLOUR[category]}m${text}\u001b[39m`,
};

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
const HATCH = "▒";
const TORN = "»";

/** Processor time solid, in eighths of a cell; waiting time hatched, torn where it is cut at `width`. */
export function bar(value: number, cellsPerUnit: number, width: number, waiting: boolean): string {
  const cells = value * cellsPerUnit;
  if (!(cells > 0)) return "";
  if (waiting) {
    if (cells > width + 0.5) return `${HATCH.repeat(width - 1)}${TORN}`;
    return HATCH.repeat(Math.max(1, Math.min(width, Math.round(cells))));
  }
  const eighths = Math.max(1, Math.min(width * 8, Math.round(cells * 8)));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
