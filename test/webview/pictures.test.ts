// Every state of panel and comparison in every theme, kept as pictures to look at: out/test/pictures/index.html shows them all.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { COMPARE_STATES } from "./comparisons.ts";
import type { ThemeName } from "./harness.ts";
import { STATES } from "./states.ts";
import { allThemes, withComparison, withPanel } from "./withPanel.ts";

const FOLDER = fileURLToPath(new URL("../../out/test/pictures", import.meta.url));
/** Less than this is a page of one colour. */
const LEAST_BYTES = 4_000;
const SIZE = { width: 1200, height: 900 } as const;

interface Picture {
  readonly view: string;
  readonly state: string;
  readonly theme: string;
  readonly file: string;
}
const pictures: Picture[] = [];
rmSync(FOLDER, { recursive: true, force: true });

async function take(page: Page, view: string, state: string, theme: string): Promise<void> {
  const file = `${view}/${theme}/${state}.png`;
  mkdirSync(join(FOLDER, view, theme), { recursive: true });
  const picture = await page.screenshot({ path: join(FOLDER, file) });
  assert.ok(picture.length > LEAST_BYTES, `${file} has ${picture.length} bytes`);
  pictures.push({ view, state, theme, file });
}

function sheet(): string {
  const states = [...new Set(pictures.map(({ view, state }) => `${view}: ${state}`))];
  const figure = ({ theme, file }: Picture) =>
    `<figure><a href="${file}"><img src="${file}" width="400" loading="lazy" alt=""></a><figcaption>${theme}</figcaption></figure>`;
  const rows = states.map((name) => {
    const of = pictures.filter(({ view, state }) => `${view}: ${state}` === name);
    return `<h2>${name}</h2><div>${of.map(figure).join("")}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><title>States and themes</title>
<style>body{font:14px sans-serif}div{display:flex;flex-wrap:wrap;gap:8px}figure{margin:0}</style>
${rows.join("\n")}\n`;
}

describe("pictures", () => {
  after(() => writeFileSync(join(FOLDER, "index.html"), sheet()));

  test("the panel in every state and theme", async () => {
    for (const theme of Object.keys(allThemes()) as ThemeName[])
      await withPanel(
        async ({ page, send }) => {
          for (const [name, state] of Object.entries(STATES)) {
            await send(state);
            await take(page, "panel", name, theme);
          }
        },
        { theme, ...SIZE },
      );
  });

  test("the comparison in every state and theme", async () => {
    for (const theme of Object.keys(allThemes()) as ThemeName[])
      await withComparison(
        async ({ page, send }) => {
          for (const [name, state] of Object.entries(COMPARE_STATES)) {
            await send(state);
            await take(page, "compare", name, theme);
          }
        },
        { theme, ...SIZE },
      );
  });
});
