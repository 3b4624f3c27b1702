// Report: laying out text in a terminal's columns, by display width.

export type Align = "left" | "right";

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const ZERO = /\p{Mark}|\p{Default_Ignorable_Code_Point}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const STYLE = /\u001b\[[\d;]*m/g;
/** Also what turns the direction of writing: a name must not stand elsewhere than it is. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a file or function name must not steer the terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Cells that a text takes; styles take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(STYLE, ""))
    width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export function pad(text: string, width: number, align: Align = "left"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Names come from the user's code: control characters are shown, not sent. */
export function printable(text: string): string {
  return text.replace(CONTROL, "\ufffd");
}

/** Cuts the end off. Only for text without styles. */
export function cutEnd(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${take([...text], Math.max(0, width - 1)).join("")}…`;
}

/** Cuts the beginning off, where a path is least telling. Only for text without styles. */
export function cutStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `…${take([...text].reverse(), Math.max(0, width - 1))
    .reverse()
    .join("")}`;
}

function take(characters: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let used = 0;
  for (const character of characters) {
    used += displayWidth(character);
    if (used > width) break;
    taken.push(character);
  }
  return taken;
}

/** Breaks at spaces, but not between a figure and its unit; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!\d) | (?!(?:µs|ms|s|[KMGT]?B|µs\/req|req\/s)(?![\w/]))/)) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

export interface Column {
  readonly title: string;
  readonly align: Align;
}

/** Rows in columns as wide as their widest cell, two spaces apart, without trailing space. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  head: (text: string) => string,
): string[] {
  const widths = columns.map((column, at) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[at] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.align))
      .join("  ")
      .trimEnd();
  return [head(line(columns.map((column) => column.title))), ...rows.map(line)];
}
