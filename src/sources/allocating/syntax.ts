// Sources: the syntax tree of a script, as far as the search for allocations needs it. acorn parses; TypeScript by its plugin.

import { tsPlugin } from "@sveltejs/acorn-typescript";
import { type Options, Parser } from "acorn";

/** A node of ESTree; its other fields hang on its type. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A larger script is a bundle: parsing one takes long, and the extension's host waits. About 10 ms for 100 KB. */
const MAX_LENGTH = 1_500_000;

const OPTIONS: Options = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowSuperOutsideMethod: true,
};

/** Null for what can't be parsed: it is then as if nothing were known of it. */
export function parseScript(text: string, typed: boolean): Node | null {
  if (text.length > MAX_LENGTH) return null;
  const parser = typed ? Parser.extend(tsPlugin()) : Parser;
  for (const sourceType of ["module", "script"] as const) {
    try {
      // The plugin looks at places that it was asked to keep.
      return parser.parse(text, { ...OPTIONS, sourceType, locations: typed }) as unknown as Node;
    } catch {
      // A script may be no module, as one with `with` or a variable called `await`.
    }
  }
  return null;
}

export function isNode(value: unknown): value is Node {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

/** What stands directly below a node, in the order of the text. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const [field, value] of Object.entries(node)) {
    if (field === "type" || field === "loc" || TYPES_ONLY.has(field)) continue;
    if (Array.isArray(value)) {
      for (const entry of value) if (isNode(entry)) yield entry;
    } else if (isNode(value)) yield value;
  }
}

/** TypeScript's, of which nothing runs. */
const TYPES_ONLY = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeParameters",
]);
