// The four colours: told apart by everyone, legible on every theme, and the same wherever they are written down.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { CATEGORIES, type Category } from "../../src/protocol/categories.ts";
import { GLYPHS, glyphFile } from "../../webview/glyphShapes.ts";
import { BLINDNESS, ciede2000, contrast, difference } from "./colours.ts";

const ROOT = new URL("../../", import.meta.url);
const text = (path: string) => readFile(new URL(path, ROOT), "utf8");
const ID: Readonly<Record<Category, string>> = {
  copies: "darcy.copies",
  switches: "darcy.switches",
  allocations: "darcy.allocation",
  locks: "darcy.locks",
};
const THEMES = [
  { key: "dark", file: "dark", grounds: ["#1F1F1F", "#37373D", "#121314", "#2C2D2E"] },
  { key: "light", file: "light", grounds: ["#FFFFFF", "#E4E6F1"] },
  { key: "highContrast", file: "hc-dark", grounds: ["#000000"] },
  { key: "highContrastLight", file: "hc-light", grounds: ["#FFFFFF"] },
] as const;

async function contributed(): Promise<Record<Category, Record<(typeof THEMES)[number]["key"], string>>> {
  const { contributes } = JSON.parse(await text("package.json"));
  return Object.fromEntries(
    CATEGORIES.map((category) => [
      category,
      contributes.colors.find(({ id }: { id: string }) => id === ID[category]).defaults,
    ]),
  ) as Awaited<ReturnType<typeof contributed>>;
}

test("CIEDE2000 agrees with pairs of Sharma, Wu and Dalal", () => {
  const pairs = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as const;
  for (const [a, b, expected] of pairs) assert.ok(Math.abs(ciede2000(a, b) - expected) < 1e-4, `${a} ${b}`);
});

test("every colour has 3:1 on every ground it stands on, the selected row among them", async () => {
  const colours = await contributed();
  for (const { key, grounds } of THEMES)
    for (const category of CATEGORIES)
      for (const ground of grounds) {
        const ratio = contrast(colours[category][key], ground);
        assert.ok(ratio >= 3, `${category} ${key} on ${ground}: ${ratio.toFixed(2)}`);
      }
});

test("any two colours differ by a CIEDE2000 of 10 for every kind of colour vision", async () => {
  const colours = await contributed();
  for (const { key } of THEMES)
    for (const seen of Object.keys(BLINDNESS) as (keyof typeof BLINDNESS)[])
      for (const [index, a] of CATEGORIES.entries())
        for (const b of CATEGORIES.slice(index + 1)) {
          const apart = difference(colours[a][key], colours[b][key], seen);
          assert.ok(apart >= 10, `${key}, ${seen}: ${a} and ${b} are ${apart.toFixed(1)} apart`);
        }
});

test("the panel's fallbacks are the contributed colours", async () => {
  const colours = await contributed();
  const css = `${await text("webview/styles/tokens.css")}${await text("webview/styles/highContrast.css")}`;
  const blocks = {
    dark: ":root {",
    light: "body.vscode-light {",
    highContrast: "body.vscode-high-contrast,",
    highContrastLight: "}\nbody.vscode-high-contrast-light {",
  };
  for (const { key } of THEMES) {
    const start = css.indexOf(blocks[key]);
    assert.ok(start >= 0, `no block for ${key}`);
    const block = css.slice(start, css.indexOf("}", start + 3));
    for (const category of CATEGORIES)
      assert.ok(
        block.includes(
          `--vscode-${ID[category].replace(".", "-")}, ${colours[category][key].toLowerCase()})`,
        ),
        `${category} in ${key}`,
      );
  }
});

test("the editor's glyph files are the panel's shapes in the contributed colours", async () => {
  const colours = await contributed();
  for (const category of CATEGORIES)
    for (const { key, file } of THEMES)
      assert.equal(
        await text(`media/glyphs/${category}-${file}.svg`),
        glyphFile(GLYPHS[category], colours[category][key]),
      );
});
