// VS Code tests: goes through the steps of a user in a real workbench; the first that fails leaves a picture.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root, type ServerOptions } from "../../scripts/vscode.mjs";
import { explain, report } from "./tally.ts";
import { openWorkbench } from "./workbench.ts";
import { makeWorkspace } from "./workspace.ts";

const PICTURES = join(root, "out", "test", "failures");

/** Of a frame, in characters. */
const MOST_TEXT = 2_000;

export type Step = readonly [title: string, body: (page: Page) => Promise<void>];

/** @param starts the steps after each start of VS Code, of the same workspace */
export async function inWorkbench(
  name: string,
  options: Partial<ServerOptions>,
  ...starts: readonly (readonly Step[])[]
): Promise<void> {
  const workspace = await makeWorkspace();
  try {
    for (const steps of starts) {
      const workbench = await openWorkbench({ workspace: workspace.file, ...options });
      try {
        await goThrough(name, steps, workbench.page);
      } finally {
        await workbench.close();
      }
    }
  } catch (error) {
    report(`${name}: the workbench opens`, 0, explain(error));
  }
  await workspace.remove();
}

/** Each step stands on the one before it. */
async function goThrough(name: string, steps: readonly Step[], page: Page): Promise<void> {
  let broken = false;
  for (const [title, body] of steps) {
    const began = performance.now();
    const error: string | null = broken ? "Not reached." : await body(page).then(() => null, explain);
    report(`${name}: ${title}`, performance.now() - began, error);
    if (error !== null && !broken) {
      await mkdir(PICTURES, { recursive: true });
      const path = join(PICTURES, `${`${name} ${title}`.replace(/[^a-z]+/gi, "-")}.png`);
      await page.screenshot({ path });
      console.log(`    ${path}`);
      // A machine that keeps no pictures has at least its words.
      for (const text of await textsOf(page)) console.log(text.replace(/^/gm, "    | "));
    }
    broken ||= error !== null;
  }
}

/** What stands in the workbench and in each frame of it, shortened. */
function textsOf(page: Page): Promise<string[]> {
  return Promise.all(
    page.frames().map(async (frame) => {
      // biome-ignore lint/performance/useDomNodeTextContent: styles and hidden parts say nothing here
      const text = await frame.locator("body").innerText({ timeout: 2_000 }).catch(explain);
      return `${frame.url().slice(0, 100)}\n${text.replace(/\s*\n\s*/g, "\n").slice(0, MOST_TEXT)}`;
    }),
  );
}
