// Sources: the places of one function's own text that allocate on V8's heap, and the sizes of what they make. An object is 24
// bytes and 8 for each property, an array 32 and its elements 16 and 8 each, a closure 56, a context 32 and 8 for each
// captured variable, a joined string 32, a number that is no small integer 16: of 64-bit V8 without pointer compression, as
// Node is built.

import { type Allocates, ANYTHING, CONSTRUCTORS, FUNCTIONS, METHODS, STATICS } from "./builtIns.ts";
import { contextOf } from "./contexts.ts";
import type { Scope } from "./scope.ts";
import { childrenOf, isFunction, isNode, type Node } from "./syntax.ts";

export interface Place extends Allocates {
  /** Offset in the text, UTF-16 units. */
  readonly at: number;
  /** Name of the built-in that it calls, "" for none. */
  readonly builtIn: string;
  /** Each time all of `sizes`; else one of them. */
  readonly together: boolean;
  /**
   * What it makes instead until its code is optimised: V8 marks objects with where they were made, in 16 bytes more, and makes an
   * array's elements with it.
   */
  readonly unoptimised: readonly number[];
  /** Numbers and growing objects: they may allocate, and seldom do. */
  readonly seldom: boolean;
}

const EMPTY_OBJECT = 56;
const ARRAY = 32;
const MARK = 16;
const CLOSURE = 56;
const JOINED = 32;
const SHORT_STRINGS = [24, 32, 40];
const NUMBER = 16;
/** Promise, generator and what awaiting takes. */
const ASYNC: Allocates = { sizes: [], range: [16, 240] };
const ITERATION: Allocates = { sizes: [40, 48], range: null };

export const objectBytes = (properties: number) => 24 + 8 * properties;
const elementsBytes = (elements: number) => 16 + 8 * elements;
const arrayOf = (elements: number) => (elements === 0 ? [ARRAY] : [ARRAY, elementsBytes(elements)]);
const unoptimisedArray = (elements: number) => {
  const both = elements === 0 ? ARRAY : ARRAY + elementsBytes(elements);
  return elements === 0 ? [both + MARK] : [both, both + MARK, ARRAY + MARK];
};

export function placesOf(node: Node, scope: Scope): Place[] {
  const places: Place[] = [];
  const methods = new Set<unknown>();
  const add = (at: number, allocates: Allocates, more: Partial<Place> = {}) => {
    if (allocates.sizes.length === 0 && allocates.range === null) return;
    places.push({ at, builtIn: "", together: false, unoptimised: [], seldom: false, ...allocates, ...more });
  };
  const fixed = (at: number, sizes: readonly number[], more: Partial<Place> = {}) =>
    add(at, { sizes, range: null }, more);

  if (isFunction(node)) ofFunction(node);
  const open: Node[] = isFunction(node)
    ? [...(node.params as Node[]), node.body as Node]
    : [...childrenOf(node)];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    // A function's block is the function's own context.
    if (next !== node.body || next.type !== "BlockStatement") ofNode(next);
    if (!isFunction(next)) open.unshift(...ownChildren(next));
  }
  return places;

  function ofFunction(whole: Node): void {
    const at = whole.start;
    if (whole.async === true || whole.generator === true) add(at, ASYNC);
    const context = contextOf(whole);
    if (context > 0) fixed(at, [context]);
    for (const parameter of whole.params as Node[]) {
      if (parameter.type === "RestElement") add(parameter.start, { sizes: [32], range: [24, 1_024] });
    }
  }

  function ofNode(part: Node): void {
    const at = part.start;
    switch (part.type) {
      case "ObjectExpression":
        ofObject(part);
        return;
      case "ArrayExpression":
        ofArray(part);
        return;
      case "NewExpression":
        ofNew(part);
        return;
      case "CallExpression":
        ofCall(part);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
        // What can be constructed has a prototype.
        fixed(at, [part.async === true || methods.has(part) ? CLOSURE : CLOSURE + 8]);
        return;
      case "ArrowFunctionExpression":
        fixed(at, [CLOSURE]);
        return;
      case "Property":
        if (part.method === true || part.kind !== "init") methods.add(part.value);
        return;
      case "ClassDeclaration":
      case "ClassExpression":
        add(at, { sizes: [], range: [16, 1_024] });
        return;
      case "TemplateLiteral":
        if ((part.expressions as unknown[]).length > 0) fixed(at, [JOINED, ...SHORT_STRINGS]);
        return;
      case "BinaryExpression":
        ofBinary(at, part.operator, [part.left, part.right]);
        return;
      case "AssignmentExpression":
        if (part.operator !== "=" && typeof part.operator === "string")
          ofBinary(at, part.operator.slice(0, -1), [part.right]);
        else if (isNode(part.left) && part.left.type === "MemberExpression")
          fixed(at, [NUMBER, 40, 64, 88], { seldom: true });
        return;
      case "MemberExpression":
        // A field that holds a number which is no small integer: reading it makes one.
        fixed(at, [NUMBER], { seldom: true });
        return;
      case "UpdateExpression":
        fixed(at, [NUMBER], { seldom: true });
        return;
      case "Literal":
        if (isNode(part) && typeof part.regex === "object") fixed(at, [56, 64]);
        return;
      case "AwaitExpression":
      case "YieldExpression":
        add(at, ASYNC);
        return;
      case "ForOfStatement":
      case "ArrayPattern":
        add(at, ITERATION);
        return;
      case "SpreadElement":
        add(at, { sizes: [], range: [24, Number.MAX_SAFE_INTEGER] });
        return;
      case "Identifier":
        if (part.name === "arguments") add(at, { sizes: [40], range: [24, 240] });
        return;
      case "BlockStatement":
      case "ForStatement": {
        const context = contextOf(part);
        if (context > 0) fixed(at, [context]);
        return;
      }
    }
  }

  function ofObject(part: Node): void {
    const properties = part.properties as Node[];
    const before = properties.findIndex(
      ({ type, computed }) => type === "SpreadElement" || computed === true,
    );
    const known = before < 0 ? properties.length : before;
    const bytes = properties.length === 0 ? EMPTY_OBJECT : objectBytes(known);
    if (before < 0) fixed(part.start, [bytes], { unoptimised: [bytes + MARK] });
    else add(part.start, { sizes: [bytes], range: [24, 512] });
  }

  function ofArray(part: Node): void {
    const elements = part.elements as (Node | null)[];
    if (elements.some((element) => element?.type === "SpreadElement")) {
      add(part.start, { sizes: [ARRAY], range: [24, Number.MAX_SAFE_INTEGER] });
      return;
    }
    // Constant elements are shared by all of the place's arrays.
    const { length } = elements.every((element) => element?.type === "Literal") ? [] : elements;
    fixed(part.start, arrayOf(length), { together: true, unoptimised: unoptimisedArray(length) });
  }

  function ofNew(part: Node): void {
    const callee = part.callee as Node;
    const at = part.start;
    const name = callee.type === "Identifier" ? String(callee.name) : "";
    if (name === "Array" && !scope.declares(name)) {
      const [argument, ...more] = part.arguments as Node[];
      const length = more.length === 0 && argument?.type === "Literal" ? Number(argument.value) : Number.NaN;
      if (Number.isInteger(length))
        fixed(at, arrayOf(length), { together: true, unoptimised: unoptimisedArray(length) });
      else add(at, { sizes: [ARRAY], range: [24, Number.MAX_SAFE_INTEGER] });
      return;
    }
    const builtIn = name === "" || scope.declares(name) ? undefined : CONSTRUCTORS.get(name);
    if (builtIn !== undefined) {
      add(at, builtIn, { builtIn: name });
      return;
    }
    const fields = scope.fieldsOf(name);
    if (fields !== null) fixed(at, [objectBytes(fields)]);
    else add(at, { sizes: [], range: [24, 512] });
  }

  function ofCall(part: Node): void {
    const callee = part.callee as Node;
    const at = callee.type === "MemberExpression" ? (callee.property as Node).start : part.start;
    if (callee.type === "Super") {
      const fields = scope.fieldsAround(part.start);
      add(
        at,
        fields === null ? { sizes: [], range: [24, 512] } : { sizes: [objectBytes(fields)], range: null },
      );
    } else if (callee.type === "Identifier") {
      const name = String(callee.name);
      const builtIn = scope.declares(name) ? undefined : FUNCTIONS.get(name);
      if (builtIn !== undefined) add(at, builtIn, { builtIn: name });
    } else if (callee.type === "MemberExpression" && callee.computed !== true) {
      const method = String((callee.property as Node).name);
      const object = callee.object as Node;
      const owner = object.type === "Identifier" ? String(object.name) : "";
      if (scope.isModule(owner)) return;
      const builtIn = STATICS.get(`${owner}.${method}`) ?? METHODS.get(method);
      if (builtIn !== undefined) add(at, builtIn, { builtIn: method });
    } else if (callee.type === "MemberExpression") add(at, ANYTHING);
  }

  function ofBinary(at: number, operator: unknown, operands: readonly unknown[]): void {
    if (operator === "+" && operands.some(isText)) fixed(at, [JOINED, ...SHORT_STRINGS]);
    else if (operator === "+") fixed(at, [NUMBER, JOINED, ...SHORT_STRINGS], { seldom: true });
    else if (ARITHMETIC.has(String(operator))) fixed(at, [NUMBER], { seldom: true });
  }
}

const ARITHMETIC = new Set(["-", "*", "/", "%", "**"]);

function isText(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "TemplateLiteral") return true;
  if (node.type === "BinaryExpression" && node.operator === "+")
    return isText(node.left) || isText(node.right);
  return node.type === "Literal" && typeof node.value === "string";
}

/** Without what runs as another function: fields of classes, their methods are functions anyway. */
function ownChildren(node: Node): Node[] {
  const children = [...childrenOf(node)];
  return node.type === "ClassBody"
    ? children.flatMap((child) => (child.type === "MethodDefinition" ? [child.value as Node] : []))
    : children;
}
