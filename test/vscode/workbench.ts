// VS Code tests: a real workbench in a real browser, from npm; see scripts/vscode.mjs.

import { type Browser, chromium, type Page } from "playwright-core";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { type RunningServer, type ServerOptions, startServer } from "../../scripts/vscode.mjs";

export interface Workbench {
  readonly page: Page;
  /** Of the tests in the extension host; rejects when they do not end in time. */
  testsEnded(timeoutMillis: number): Promise<number>;
  /** What the workbench's tests logged, for a failure's message. */
  log(): string;
  close(): Promise<void>;
}

const VIEWPORT = { width: 1440, height: 900 };

export async function openWorkbench(
  options: ServerOptions & { viewport?: { width: number; height: number } },
): Promise<Workbench> {
  const server = await startServer({ ...options, automation: true });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    });
    const context = await browser.newContext({
      viewport: options.viewport ?? VIEWPORT,
      deviceScaleFactor: 1,
      // Else the workbench asks a user who is not there.
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    return await inside(page, browser, server);
  } catch (error) {
    await browser?.close();
    await server.close();
    throw error;
  }
}

async function inside(page: Page, browser: Browser, server: RunningServer): Promise<Workbench> {
  const lines: string[] = [];
  let ended: (code: number) => void = () => undefined;
  const exit = new Promise<number>((done) => {
    ended = done;
  });
  await page.exposeFunction(
    "codeAutomationLog",
    (type: string, words: unknown[]) => void lines.push(`[${type}] ${words.join(" ")}`),
  );
  await page.exposeFunction("codeAutomationExit", (code: number) => ended(code));
  await page.goto(server.url);
  await page.waitForSelector(".monaco-workbench", { timeout: 60_000 });
  return {
    page,
    testsEnded: async (timeoutMillis) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, fail) => {
        timer = setTimeout(
          () => fail(new Error(`The tests did not end within ${timeoutMillis / 1_000} s.`)),
          timeoutMillis,
        );
      });
      try {
        return await Promise.race([exit, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    log: () => [...lines, "--- server", server.output()].join("\n"),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
