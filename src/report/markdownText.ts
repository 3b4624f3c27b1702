// Report: Markdown's own grammar. Names come from the measured program: none of them may become Markdown or HTML.

import { printable } from "./columns.ts";

/** Text between other text. */
export function plain(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~&]/g, (sign) =>
    sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : `\\${sign}`,
  );
}

/** Inline code; a backtick or a bar inside would end it or the cell. */
export function code(text: string): string {
  const clean = printable(text).replace(/[`|]/g, "'").trim();
  return clean === "" ? "" : `\`${clean}\``;
}

export interface MarkdownColumn {
  readonly title: string;
  readonly right?: boolean;
}

/** Cells are Markdown already. */
export function markdownTable(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell || " ").join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ right }) => (right === true ? "---:" : "---"))),
    ...rows.map(line),
  ];
}

export function sections(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
