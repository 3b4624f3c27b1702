// Sources: contexts. A variable that an inner function uses lives on V8's heap, in one object a scope.

import { childrenOf, isFunction, isNode, type Node } from "./syntax.ts";

const HEADER = 32;
const SLOT = 8;

/** Bytes of the context that a function, block or loop makes when it is entered; 0: none. */
export function contextOf(scope: Node): number {
  const names = declaredBy(scope);
  if (names.size === 0) return 0;
  const captured = new Set<string>();
  collect(scope, false, true);
  return captured.size === 0 ? 0 : HEADER + SLOT * captured.size;

  function collect(node: Node, inside: boolean, sameThis: boolean): void {
    // Arrow functions use the outer one's.
    if (inside && sameThis && isFunction(scope) && node.type === "ThisExpression") captured.add("this");
    if (inside && node.type === "Identifier" && names.has(String(node.name))) captured.add(String(node.name));
    const inner = isFunction(node) && node !== scope;
    const within = inside || inner;
    const same = sameThis && (!inner || node.type === "ArrowFunctionExpression");
    for (const child of childrenOf(node)) {
      const name =
        node.computed !== true &&
        (child === node.property || (child === node.key && node.shorthand !== true));
      if (!name) collect(child, within, same);
    }
  }
}

/** Names that live as long as this scope, not as an inner one. */
function declaredBy(scope: Node): Set<string> {
  const names = new Set<string>();
  if (isFunction(scope)) {
    for (const parameter of scope.params as Node[]) namesIn(parameter, names);
    declarations(scope.body as Node, names, true);
  } else if (scope.type === "ForStatement") {
    if (isNode(scope.init) && scope.init.type === "VariableDeclaration") declare(scope.init, names, false);
  } else declarations(scope, names, false);
  return names;
}

function declarations(block: Node, names: Set<string>, ofFunction: boolean): void {
  if (block.type !== "BlockStatement") return;
  for (const statement of block.body as Node[]) {
    if (statement.type === "VariableDeclaration") declare(statement, names, ofFunction);
    else if (/^(?:Function|Class)Declaration$/.test(statement.type) && isNode(statement.id))
      namesIn(statement.id, names);
  }
}

function declare(declaration: Node, names: Set<string>, withVar: boolean): void {
  if (declaration.kind === "var" && !withVar) return;
  for (const declarator of declaration.declarations as Node[]) namesIn(declarator.id as Node, names);
}

function namesIn(pattern: Node, names: Set<string>): void {
  if (pattern.type === "Identifier") names.add(String(pattern.name));
  else if (pattern.type === "AssignmentPattern") namesIn(pattern.left as Node, names);
  else if (pattern.type === "Property") namesIn(pattern.value as Node, names);
  else if (/Pattern$|^RestElement$/.test(pattern.type))
    for (const child of childrenOf(pattern)) namesIn(child, names);
}
