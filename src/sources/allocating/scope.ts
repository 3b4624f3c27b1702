// Sources: what a script says of its own names: those that it declares (so that `Map` may not be V8's), those of modules, and
// how many fields its classes' objects have.

import { childrenOf, isFunction, isNode, type Node } from "./syntax.ts";

interface Fields {
  readonly own: number;
  readonly parent: string | null;
  readonly start: number;
  readonly end: number;
}

export class Scope {
  private readonly declared = new Set<string>();
  private readonly modules = new Set<string>();
  private readonly classes = new Map<string, Fields | null>();

  constructor(program: Node) {
    this.look(program);
  }

  declares(name: string): boolean {
    return this.declared.has(name);
  }

  /** Its members are other files' functions, or Node's. */
  isModule(name: string): boolean {
    return this.modules.has(name);
  }

  /** Null: not known. */
  fieldsOf(name: string, depth = 8): number | null {
    const found = this.classes.get(name);
    if (found === undefined || found === null || depth === 0) return null;
    if (found.parent === null) return found.own;
    const above = this.fieldsOf(found.parent, depth - 1);
    return above === null ? null : above + found.own;
  }

  /** Of the class that holds this place. */
  fieldsAround(at: number): number | null {
    let best: readonly [name: string, start: number] | null = null;
    for (const [name, found] of this.classes) {
      if (found === null || at < found.start || at >= found.end) continue;
      if (best === null || found.start > best[1]) best = [name, found.start];
    }
    return best === null ? null : this.fieldsOf(best[0]);
  }

  private look(node: Node): void {
    if (/^(?:Function|Class)Declaration$/.test(node.type) && isNode(node.id)) this.declare(node.id, node);
    if (node.type === "VariableDeclarator" && isNode(node.id)) {
      if (node.id.type === "Identifier") this.declare(node.id, isNode(node.init) ? node.init : null);
      else for (const name of identifiers(node.id)) this.declared.add(name);
    }
    if (/^Import\w*Specifier$/.test(node.type)) {
      const name = String((node.local as Node).name);
      this.declared.add(name);
      this.modules.add(name);
    }
    for (const child of childrenOf(node)) this.look(child);
  }

  private declare(id: Node, value: Node | null): void {
    const name = String(id.name);
    // Twice the same name: which one is meant is not looked at.
    const again = this.classes.has(name);
    this.declared.add(name);
    if (value === null) return;
    if (isRequire(value)) this.modules.add(name);
    const fields = /^Class/.test(value.type)
      ? fieldsOfClass(value)
      : isFunction(value)
        ? fieldsOfFunction(value)
        : null;
    if (fields !== null) this.classes.set(name, again ? null : fields);
  }
}

function isRequire(value: Node): boolean {
  const call = value.type === "AwaitExpression" ? (value.argument as Node) : value;
  if (call.type === "ImportExpression") return true;
  return call.type === "CallExpression" && (call.callee as Node).name === "require";
}

function identifiers(pattern: Node): string[] {
  if (pattern.type === "Identifier") return [String(pattern.name)];
  return [...childrenOf(pattern)].flatMap(identifiers);
}

function fieldsOfClass(node: Node): Fields | null {
  const members = (node.body as Node).body as Node[];
  const fields = new Set<string>();
  for (const member of members) {
    if (member.static === true) continue;
    if (member.type === "PropertyDefinition") fields.add(nameOf(member.key as Node));
    else if (member.kind === "constructor") assigned(member.value as Node, fields);
  }
  const { superClass, start, end } = node;
  if (!isNode(superClass)) return { own: fields.size, parent: null, start, end };
  return superClass.type === "Identifier"
    ? { own: fields.size, parent: String(superClass.name), start, end }
    : null;
}

function fieldsOfFunction(node: Node): Fields | null {
  const fields = new Set<string>();
  assigned(node, fields);
  return fields.size === 0 ? null : { own: fields.size, parent: null, start: node.end, end: node.end };
}

/** `this.name =` in a constructor; TypeScript's parameter properties are that, too. */
function assigned(node: Node, fields: Set<string>): void {
  for (const child of childrenOf(node)) {
    if (child.type === "TSParameterProperty") fields.add(identifiers(child.parameter as Node)[0] ?? "");
    if (child.type === "AssignmentExpression") {
      const left = child.left as Node;
      if (left.type === "MemberExpression" && (left.object as Node).type === "ThisExpression")
        fields.add(nameOf(left.property as Node));
    }
    if (!isFunction(child) || child.type === "ArrowFunctionExpression") assigned(child, fields);
  }
}

function nameOf(key: Node): string {
  return key.type === "PrivateIdentifier" ? `#${key.name}` : String(key.name ?? key.value);
}
