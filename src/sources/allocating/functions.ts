// Sources: finds the functions of a text that V8 names by where they begin, and their allocating places.

import { type Place, placesOf } from "./places.ts";
import { Scope } from "./scope.ts";
import { childrenOf, isFunction, type Node, parseScript } from "./syntax.ts";

/**
 * Places by the offset of a function's beginning, which V8 has at its parameters and source maps at its name; null for
 * what is no function of this text. Null: the text can't be read.
 */
export function placesAt(
  text: string,
  typed: boolean,
  offsets: readonly number[],
): readonly (Place[] | null)[] | null {
  const program = parseScript(text, typed);
  if (program === null) return null;
  try {
    const scope = new Scope(program);
    const heads = headsOf(program);
    return offsets.map((offset) => {
      const found = innermost(heads, offset) ?? (offset === 0 ? program : null);
      return found === null ? null : placesOf(found, scope);
    });
  } catch {
    // Nested deeper than the stack is, or a syntax that is not looked for: nothing is known of it.
    return null;
  }
}

interface Head {
  readonly from: number;
  readonly to: number;
  readonly node: Node;
}

/** From a function's first word to the beginning of its body; of a method from its name. */
function headsOf(program: Node): Head[] {
  const heads: Head[] = [];
  const open: { node: Node; from: number }[] = [{ node: program, from: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from } = next;
    if (isFunction(node)) heads.push({ from, to: (node.body as Node).start, node });
    const method =
      node.type === "MethodDefinition" || node.method === true || node.kind === "get" || node.kind === "set";
    for (const child of childrenOf(node)) {
      open.push({ node: child, from: method && child === node.value ? node.start : child.start });
    }
  }
  return heads;
}

function innermost(heads: readonly Head[], offset: number): Node | null {
  let best: Head | null = null;
  for (const head of heads) {
    if (offset < head.from || offset > head.to) continue;
    if (best === null || head.to - head.from < best.to - best.from) best = head;
  }
  return best?.node ?? null;
}
