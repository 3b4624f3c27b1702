// Tests: axe-core in a page.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Once a page. */
export async function useAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly any: readonly { readonly message: string }[] }[];
}
declare const axe: { run(): Promise<{ violations: readonly Violation[] }> };

/** What axe-core complains of, a line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  const violations = await page.evaluate(async () => (await axe.run()).violations);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} (${any[0]?.message ?? ""})`),
  );
}
