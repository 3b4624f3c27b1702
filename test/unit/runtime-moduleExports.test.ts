// The line behind a watched ES module's source: it never breaks the module, whatever that looks like.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { handOverLine } from "../../src/runtime/moduleExports.ts";

type Bindings = Record<string, readonly [() => unknown, ((value: unknown) => void)?]>;

/** What the line hands over, by name of the export. */
function bindingsOf(source: string, replaces: readonly string[] = []): Bindings | null {
  const line = handOverLine(source, "file:///x.mjs", replaces);
  if (line === null) return null;
  const { bindings } = evaluate(`${source}${line}`);
  return bindings;
}

/** As a strict function body, exports taken off: the syntax of a module as far as the line can tell. */
function evaluate(source: string): { bindings: Bindings } {
  const body = source
    .replaceAll(/export\s*\{[^}]*\}(\s*from[^;]*)?;?/g, "")
    .replaceAll(/export\s+(default\s+)?/g, "");
  const told: { bindings: Bindings } = { bindings: {} };
  const target = {
    [Symbol.for("darcy.module")]: (_url: string, bindings: Bindings) => {
      told.bindings = bindings;
    },
  };
  new Function("globalThis", `"use strict";${body}`)(target);
  return told;
}

function read<T>(bindings: Bindings, name: string): T {
  const [get] = bindings[name] ?? [];
  assert.ok(get, `${name} is missing`);
  return get() as T;
}

describe("handOverLine", () => {
  it("hands over functions and classes, however they are exported", () => {
    const source = `
export default function limit(n) { return n; }
export class Queue {}
function inner() {}
const fixed = 1;
export { inner, fixed as other };
//# sourceMappingURL=x.map`;
    const bindings = bindingsOf(source, ["default"]) as Bindings;
    assert.deepEqual(Object.keys(bindings).sort(), ["Queue", "default", "inner", "other"]);
    assert.equal(read<{ name: string }>(bindings, "default").name, "limit");
    assert.equal(read(bindings, "other"), 1);
    assert.equal(bindings.inner?.length, 1);
  });

  it("replaces a function for all who use its name", () => {
    const source =
      "export default function limit() { return 1; }\nexport function twice() { return limit() * 2; }";
    const bindings = bindingsOf(source, ["default"]) as Bindings;
    bindings.default?.[1]?.(() => 21);
    assert.equal(read<() => number>(bindings, "twice")(), 42);
  });

  it("leaves out what it does not understand", () => {
    assert.equal(handOverLine("export default class extends Object {}", "x", ["default"]), null);
    assert.equal(handOverLine("export default (n) => n;", "x", ["default"]), null);
    assert.equal(handOverLine('export { default } from "./other.js";', "x", ["default"]), null);
    assert.equal(handOverLine('export { a as b } from "./other.js";', "x", ["b"]), null);
    assert.equal(handOverLine('export {\n  default\n}\nfrom "./other.js";', "x", ["default"]), null);
    assert.equal(handOverLine("export const a = 1;", "x", ["a"]), null);
    assert.equal(handOverLine("", "x", []), null);
  });

  it("throws only where it is asked, for names that are none", () => {
    const bindings = bindingsOf("/*\nexport function missing\n*/", ["missing"]) as Bindings;
    assert.throws(() => bindings.missing?.[0](), ReferenceError);
    assert.throws(() => bindings.missing?.[1]?.(1), ReferenceError);
    const fixed = bindingsOf("const a = 1;\nexport { a };", ["a"]) as Bindings;
    assert.throws(() => fixed.a?.[1]?.(2), TypeError);
  });
});
