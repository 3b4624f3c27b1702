// Editor: the functions of a text by their lines, for what stands above them. Pure. A function within one line counts to the
// one around it.

import { childrenOf, isFunction, type Node, parseScript } from "../../sources/allocating/syntax.ts";

/** Parsing holds the extension's host: about 10 ms for 100 KB. */
const MOST_LENGTH = 400_000;

/** Lines from 0. */
export interface FunctionRange {
  /** Where the function begins, decorators and `export` left out. */
  readonly line: number;
  readonly lastLine: number;
}

/** In the order of the text. Null: it can't be read. */
export function functionRanges(text: string, typed: boolean): readonly FunctionRange[] | null {
  const program = text.length > MOST_LENGTH ? null : parseScript(text, typed);
  if (program === null) return null;
  const lineOf = lineFinder(text);
  const ranges: FunctionRange[] = [];
  const open: { node: Node; from: number }[] = [{ node: program, from: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from } = next;
    if (isFunction(node)) {
      const range = { line: lineOf(from), lastLine: lineOf(node.end - 1) };
      if (range.lastLine > range.line) ranges.push(range);
    }
    for (const child of childrenOf(node)) open.push({ node: child, from: begins(node, child) });
  }
  return ranges.sort((a, b) => a.line - b.line || b.lastLine - a.lastLine);
}

/** A method begins at its name, and what is given a name at that. */
function begins(parent: Node, child: Node): number {
  if (!isFunction(child)) return child.start;
  if (parent.type === "MethodDefinition" || parent.type === "Property") return keyOf(parent).start;
  if (parent.type === "VariableDeclarator" || parent.type === "PropertyDefinition") return parent.start;
  return child.start;
}

function keyOf(node: Node): { readonly start: number } {
  return node.type === "MethodDefinition" && Array.isArray(node.decorators) && node.decorators.length > 0
    ? (node.key as Node)
    : node;
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
