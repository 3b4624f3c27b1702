// Unit tests: no text of the webview goes round the user's language: what looks like a text, or stands where one is shown,
// is said by `t` or marked by `said`. Markdown that is copied for others is English.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript6";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Pictures, and Markdown for others. */
const OTHER_FILES = new Set(["icons.ts", "glyphShapes.ts", "hotspots/markdown.ts"]);
/** Names of keys, methods and systems; the same in every language. */
const NAMES =
  /^(?:Arrow\w+|Page(?:Up|Down)|Home|End|Enter|Esc|Escape|Backspace|GET|POST|PUT|PATCH|DELETE|Windows|Linux|Darcy|Node|GC|p\d\d)$/;
/** What the reader types, and what styles take. */
const NOT_WORDS = /^(?:curl |color-mix\(.*|%, transparent\))$/;
/** What they take is not shown. */
const NOT_SHOWN = new Set(
  "querySelector querySelectorAll setClass addEventListener closest matches getElementById setStyle svg matchMedia toggle join split replace replaceAll includes startsWith endsWith getPropertyValue setProperty createElement test inEnglish".split(
    " ",
  ),
);
const SAID = new Set(["t", "said"]);
const SHOWN_PROPERTIES = new Set(["title", "aria-label", "placeholder", "message", "remedy", "text"]);
const OTHER_PROPERTIES =
  /^(?:class|className|type|role|tabindex|id|for|d|fill|kind|value|data-.*|aria-(?!label$).*|scale|patternTransform|viewBox|phase)$/;

type Context = "said" | "shown" | "elsewhere" | "open";

/** Where a literal goes, as far as its own expression tells. */
function contextOf(literal: ts.Node): Context {
  let shown = false;
  for (let child = literal, node = literal.parent; node !== undefined; child = node, node = node.parent) {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isCaseClause(node)) return "elsewhere";
    if (ts.isElementAccessExpression(node) && node.argumentExpression === child) return "elsewhere";
    if (ts.isBinaryExpression(node)) {
      const { left, operatorToken } = node;
      if (/^[!=]==$/.test(operatorToken.getText())) return "elsewhere";
      if (ts.isPropertyAccessExpression(left) && left.name.text === "className") return "elsewhere";
    }
    if (ts.isConditionalExpression(node) && node.condition === child) return "elsewhere";
    if (ts.isPropertyAssignment(node)) {
      const name = ts.isComputedPropertyName(node.name) ? "" : node.name.text;
      if (node.name === child || OTHER_PROPERTIES.test(name)) return "elsewhere";
      if (SHOWN_PROPERTIES.has(name)) shown = true;
    }
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const callee = ts.isIdentifier(expression)
        ? expression.text
        : ts.isPropertyAccessExpression(expression)
          ? expression.name.text
          : "";
      const at = node.arguments.indexOf(child as ts.Expression);
      if (at < 0) continue;
      if (SAID.has(callee)) return "said";
      if (NOT_SHOWN.has(callee)) return "elsewhere";
      if (callee === "element") return at < 2 ? "elsewhere" : at === 2 || shown ? "shown" : "open";
      if (callee === "setText") return at === 1 ? "shown" : "elsewhere";
      if (callee === "setAttribute") {
        const [, name] = node.arguments;
        const named = name !== undefined && ts.isStringLiteral(name) ? name.text : "";
        return at === 2 && SHOWN_PROPERTIES.has(named) ? "shown" : "elsewhere";
      }
      return shown ? "shown" : "open";
    }
    if (ts.isBlock(node)) break;
  }
  return shown ? "shown" : "open";
}

/** A text by itself: a sentence's beginning, or several words. */
const READS_AS_TEXT = /^[A-Z(][a-z]|[A-Za-z’,.] [A-Za-z]/;

function bareTexts(name: string, code: string): string[] {
  const source = ts.createSourceFile(name, code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isStringLiteral(node)
      ? node.text
      : ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node)
        ? node.text
        : ts.isTemplateMiddle(node) || ts.isTemplateTail(node)
          ? node.text
          : null;
    if (text !== null && /[A-Za-z]{2}/.test(text) && !NAMES.test(text.trim()) && !NOT_WORDS.test(text)) {
      const context = contextOf(ts.isTemplateLiteralToken(node) ? templateOf(node) : node);
      if (context === "shown" || (context === "open" && READS_AS_TEXT.test(text.trim())))
        found.push(
          `${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${JSON.stringify(text)}`,
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A part of a template stands where the whole template does. */
function templateOf(part: ts.Node): ts.Node {
  let node = part;
  while (ts.isTemplateSpan(node.parent) || ts.isTemplateExpression(node.parent)) node = node.parent;
  return node;
}

test("the webview says nothing that has no translation", () => {
  const files = readdirSync(join(root, "webview"), { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts") && !OTHER_FILES.has(name));
  assert.ok(files.length > 50);
  const bare = files.flatMap((name) => bareTexts(name, readFileSync(join(root, "webview", name), "utf8")));
  assert.deepEqual(bare, [], "say these by `t` of src/model/l10n.ts");
});

test("what goes round it is found", () => {
  const found = (code: string) =>
    bareTexts("x.ts", `import { a } from "Not me";\n${code}`).map((text) =>
      text.split(" ").slice(1).join(" "),
    );
  assert.deepEqual(found('element("p", "empty-text", ["reading"])'), ['"reading"']);
  assert.deepEqual(found('setText(node, ready ? "ready" : t("not ready"))'), ['"ready"']);
  assert.deepEqual(found(`setAttribute(node, "aria-label", \`\${count} rows\`)`), ['" rows"']);
  assert.deepEqual(found('element("p", "", [], { title: "close" })'), ['"close"']);
  assert.deepEqual(found('const name = "Two words";'), ['"Two words"']);
  assert.deepEqual(found('element("p", "two classes", [t("Said")]); if (event.key === "Up here") go();'), []);
});
