// Unit tests: the places of a function that allocate, and the sizes of what they make, by its text alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { placesAt } from "../../src/sources/allocating/functions.ts";

/** Steady places as `line: sizes`, `line: sizes+` with any other size, of the function whose parameters begin at "(". */
function places(text: string, typed = false, at = text.indexOf("(")): string[] {
  const [found] = placesAt(text, typed, [at]) ?? [null];
  assert.ok(found, text);
  return found
    .filter(({ seldom }) => !seldom)
    .map((place) => {
      const line = text.slice(0, place.at).split("\n").length;
      return `${line}: ${place.sizes.join(" ")}${place.range === null ? "" : "+"}`;
    });
}

test("objects, arrays, closures, texts and what they capture", () => {
  const text = `function f(n) {
    const o = { a: n, b: 1 };
    const list = [n, n, n];
    const constant = [1, 2, 3];
    const text = "order " + n;
    const both = \`\${text}, \${n}\`;
    return () => o;
  }`;
  assert.deepEqual(places(text), [
    "1: 40",
    "2: 40",
    "3: 32 40",
    "4: 32",
    "5: 32 24 32 40",
    "6: 32 24 32 40",
    "7: 56",
  ]);
});

test("classes of the same file have their fields' size, others any", () => {
  const text = `class A { constructor() { this.a = 1; this.b = 2; } }
  class B extends A { c = 3; }
  function f(x) {
    use(new A());
    use(new B());
    use(new Other());
    use(new Map());
  }`;
  const at = text.indexOf("(x)");
  assert.deepEqual(places(text, false, at), ["4: 40", "5: 48", "6: +", "7: +"]);
});

test("a name of V8's that the script declares is its own", () => {
  const text = `class Map {}
  function f(x) { return new Map(); }`;
  assert.deepEqual(places(text, false, text.indexOf("(x)")), ["2: 24"]);
});

test("what an inner function allocates is not the outer one's", () => {
  const text = `function f(x) {
    return list.filter((y) => ({ y, x })).length;
  }`;
  assert.deepEqual(places(text), ["1: 40", "2: 32+", "2: 56"]);
  assert.deepEqual(places(text, false, text.indexOf("(y)")), ["2: 40"]);
});

test("methods and arrows are found where V8 says that they begin", () => {
  const text = `class A {
    async load(id) { return { id }; }
    get size() { return [this]; }
  }
  const g = n => [n, n];`;
  assert.deepEqual(places(text, false, text.indexOf("(id)")), ["2: +", "2: 32"]);
  assert.deepEqual(places(text, false, text.indexOf("() { return [")), ["3: 32 24"]);
  assert.deepEqual(places(text, false, text.indexOf("n =>")), ["5: 32 32"]);
});

test("TypeScript is read as it was written", () => {
  const text = `interface Order { id: number }
  export function f(id: number): Order[] {
    const order: Order = { id } as Order;
    return [order, order!];
  }`;
  assert.deepEqual(places(text, true, text.indexOf("(id")), ["3: 32", "4: 32 32"]);
  assert.equal(placesAt(text, false, [0]), null);
});

test("what can't be parsed has no places", () => {
  assert.equal(placesAt("function f( {", false, [0]), null);
  assert.deepEqual(placesAt("const a = 1;", false, [7]), [null]);
});
