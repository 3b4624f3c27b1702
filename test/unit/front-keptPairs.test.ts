// Front: which two recordings a comparison's tab compared is found again by its title.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Memento, Uri } from "vscode";
import { KeptPairs } from "../../src/views/panel/keptPairs.ts";

const uri = (fsPath: string) => ({ fsPath }) as Uri;

function memento(kept?: unknown): Memento {
  const values = new Map<string, unknown>([["darcy.comparisons", kept]]);
  return {
    keys: () => [...values.keys()],
    get: (key: string) => structuredClone(values.get(key)),
    update: async (key: string, value: unknown) => void values.set(key, structuredClone(value)),
  } as Memento;
}

test("a pair is found by its tab's title, in another window too", () => {
  const state = memento();
  const pairs = new KeptPairs(state);
  pairs.keep("a → b", uri("/a.darcy"), uri("/b.darcy"));
  pairs.keep("c → d", uri("/c.darcy"), uri("/d.darcy"));
  pairs.keep("a → b", uri("/a.darcy"), uri("/b.darcy"));
  const again = new KeptPairs(state);
  assert.deepEqual(again.find("a → b"), { before: "/a.darcy", after: "/b.darcy" });
  assert.deepEqual(again.find("c → d"), { before: "/c.darcy", after: "/d.darcy" });
  assert.equal(again.find("b → a"), null);
});

test("a title that two pairs have tells neither", () => {
  const pairs = new KeptPairs(memento());
  pairs.keep("a → b", uri("/one/a.darcy"), uri("/one/b.darcy"));
  pairs.keep("a → b", uri("/two/a.darcy"), uri("/two/b.darcy"));
  assert.equal(pairs.find("a → b"), null);
  pairs.keep("a → b", uri("/one/a.darcy"), uri("/one/b.darcy"));
  assert.equal(pairs.find("a → b"), null, "it does not matter which one was shown last");
  for (let each = 0; each < 19; each++) pairs.keep(`${each}`, uri(`/${each}`), uri("/after"));
  assert.deepEqual(pairs.find("a → b"), { before: "/one/a.darcy", after: "/one/b.darcy" });
});

test("twenty are kept", () => {
  const pairs = new KeptPairs(memento());
  for (let each = 0; each < 21; each++) pairs.keep(`${each}`, uri(`/${each}`), uri("/after"));
  assert.equal(pairs.find("0"), null);
  assert.deepEqual(pairs.find("1"), { before: "/1", after: "/after" });
});

for (const odd of [
  null,
  "text",
  {},
  [null],
  [["t"]],
  [["t", { before: "" }]],
  [[1, { before: "/a", after: "/b" }]],
])
  test(`what was not kept by us is nothing: ${JSON.stringify(odd)}`, () => {
    assert.equal(new KeptPairs(memento(odd)).find("t"), null);
  });
