// Unit tests: the panel's page runs one script, and no source of ours makes markup out of text.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { contentPolicy } from "../../src/views/panel/policy.ts";
import { wordsElement } from "../../src/views/panel/wordsElement.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("nothing but the script with the nonce runs", () => {
  const policy = new Map(
    contentPolicy("abc", "https://own.example")
      .split("; ")
      .map((rule) => {
        const [name = "", ...sources] = rule.split(" ");
        return [name, sources] as const;
      }),
  );
  assert.deepEqual(policy.get("default-src"), ["'none'"]);
  assert.deepEqual(policy.get("script-src"), ["'nonce-abc'"]);
  assert.deepEqual(policy.get("base-uri"), ["'none'"]);
  assert.deepEqual(policy.get("form-action"), ["'none'"]);
  const all = [...policy.values()].flat();
  assert.ok(
    all.every((source) => !/unsafe|^\*$|^https?:$/.test(source)),
    all.join(" "),
  );
});

test("the page's nonce is random for each page, and the page holds no script of its own", () => {
  const html = readFileSync(join(root, "src/views/panel/html.ts"), "utf8");
  assert.match(html, /randomBytes\(\d+\)/);
  assert.doesNotMatch(html, /<script(?! nonce)/);
  assert.doesNotMatch(html, /\son\w+=|<style|javascript:/);
});

test("words of the user's language are data: none of them ends their element", () => {
  const words = { a: "</script><script>alert(1)</script>", b: "<!--" };
  const made = wordsElement(words);
  const [, json = ""] =
    /^<script type="application\/json" id="darcy-words">([^<]*)<\/script>$/.exec(made) ?? [];
  assert.deepEqual(JSON.parse(json), words);
  assert.equal(wordsElement(undefined), "");
});

test("the webview writes text, never markup", () => {
  const files = readdirSync(join(root, "webview"), { recursive: true, encoding: "utf8" });
  const sources = files.filter((name) => name.endsWith(".ts"));
  assert.ok(sources.length > 10);
  for (const name of sources) {
    const text = readFileSync(join(root, "webview", name), "utf8");
    const markup =
      /\b(?:innerHTML|outerHTML|insertAdjacentHTML|DOMParser|createContextualFragment|eval)\b|document\.write|new Function/;
    assert.doesNotMatch(text, markup, name);
  }
});
