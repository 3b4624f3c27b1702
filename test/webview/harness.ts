// Loads the real panel in Chromium as VS Code would: strict content security policy, a fake host, a theme's variables.

import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { COMPARE_VERSION, type CompareState, type FromCompareView } from "../../src/protocol/comparePanel.ts";
import { type FromPanel, PANEL_VERSION, type PanelState } from "../../src/protocol/panel.ts";
import { wordsElement } from "../../src/views/panel/wordsElement.ts";

const ROOT = new URL("../../", import.meta.url);
const ORIGIN = "http://panel.test";
const POLICY = `default-src 'none'; style-src ${ORIGIN}; script-src 'nonce-panel'; font-src ${ORIGIN}`;
const html = (
  words: View<unknown, unknown>["words"],
) => `<!doctype html><html lang="${words === undefined ? "en" : "de"}"><head><meta charset="utf-8"><title>Darcy</title>
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><link rel="stylesheet" href="/panel.css"></head>
<body><div id="app"></div>${wordsElement(words)}<script nonce="panel" src="/panel.js"></script></body></html>`;

export type ThemeName = "dark2026" | "darkModern" | "lightModern" | "light2026" | "hcDark" | "hcLight";
export interface Theme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Variables that VS Code 1.139 sets in a webview, those that the panel uses. */
export async function themes(): Promise<Readonly<Record<ThemeName, Theme>>> {
  return JSON.parse(await readFile(new URL("test/webview/themes.json", ROOT), "utf8"));
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** The two pages, and how their states are sent. */
const VIEWS = {
  panel: { entries: ["webview/panel.ts", "webview/panel.css"], type: "state", version: PANEL_VERSION },
  compare: {
    entries: ["webview/compare/view.ts", "webview/compare.css"],
    type: "comparison",
    version: COMPARE_VERSION,
  },
} as const;
type ViewName = keyof typeof VIEWS;

const bundles = new Map<ViewName, Promise<{ js: string; css: string }>>();
function bundled(view: ViewName): Promise<{ js: string; css: string }> {
  const known = bundles.get(view) ?? bundleOf(view);
  bundles.set(view, known);
  return known;
}

function bundleOf(view: ViewName): Promise<{ js: string; css: string }> {
  return build({
    absWorkingDir: ROOT.pathname,
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "chrome120",
    entryPoints: [...VIEWS[view].entries],
    outdir: "panel",
  }).then(({ outputFiles }) => ({
    js: outputFiles.find(({ path }) => path.endsWith(".js"))?.text ?? "",
    css: outputFiles.find(({ path }) => path.endsWith(".css"))?.text ?? "",
  }));
}

export interface View<State, Said> {
  /** German, by the English text; undefined: the page is in English. */
  readonly words: Readonly<Record<string, unknown>> | undefined;
  readonly page: Page;
  /** What went wrong in the page: exceptions, refused styles or scripts. */
  readonly faults: string[];
  /** Sends a state and waits until it is drawn. */
  send(state: State): Promise<void>;
  /** The same; milliseconds from the message's arrival in the page until the frame with it was painted. */
  paint(state: State): Promise<number>;
  posted(): Promise<Said[]>;
}
export type Panel = View<PanelState, FromPanel>;
export type CompareView = View<CompareState, FromCompareView>;

/** As VS Code does; resolves once it is drawn. */
export function postMessage(page: Page, message: unknown): Promise<void> {
  return page.evaluate(
    (sent) =>
      new Promise<void>((drawn) => {
        window.postMessage(sent, "*");
        // One turn for the message, one frame for the drawing.
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
      }),
    message,
  );
}

export function openPanel(
  browser: Browser,
  theme: Theme,
  width = 1200,
  height = 900,
  kept: unknown = null,
  words: Panel["words"] = undefined,
): Promise<Panel> {
  return openView("panel", browser, theme, { width, height, kept, words });
}

export async function openView<State, Said>(
  view: ViewName,
  browser: Browser,
  theme: Theme,
  {
    width,
    height,
    kept,
    words,
  }: {
    readonly width: number;
    readonly height: number;
    readonly kept: unknown;
    readonly words?: View<State, Said>["words"];
  },
): Promise<View<State, Said>> {
  const { type, version } = VIEWS[view];
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: "no-preference",
    locale: words === undefined ? "en-US" : "de-DE",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  const { js, css } = await bundled(view);
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/panel.js") return route.fulfill({ body: js, contentType: "text/javascript" });
    if (pathname === "/panel.css") return route.fulfill({ body: css, contentType: "text/css" });
    return route.fulfill({ body: html(words), contentType: "text/html" });
  });
  // tsx keeps function names by a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (value) => value");
  await page.addInitScript(
    ({ theme: { bodyClass, variables }, state }) => {
      const posted: unknown[] = [];
      const keptStates: unknown[] = [];
      let keptState = state;
      Object.assign(window, {
        posted,
        keptStates,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => posted.push(structuredClone(message)),
          getState: () => keptState,
          setState: (next: unknown) => {
            keptState = structuredClone(next);
            keptStates.push(keptState);
          },
        }),
      });
      document.addEventListener(
        "readystatechange",
        () => {
          document.body.className = bodyClass;
          for (const [name, value] of Object.entries(variables))
            document.documentElement.style.setProperty(name, value);
        },
        { once: true },
      );
    },
    { theme, state: kept },
  );
  await page.goto(ORIGIN);
  return {
    page,
    faults,
    words,
    send: (state) => postMessage(page, { type, version, sequence: 0, state }),
    paint: (state) =>
      page.evaluate(
        (message) =>
          new Promise<number>((painted) => {
            performance.mark("message");
            const began = performance.now();
            window.postMessage(message, "*");
            setTimeout(() =>
              requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now() - began))),
            );
          }),
        { type, version, sequence: 0, state },
      ),
    posted: () => page.evaluate(() => (window as unknown as { posted: Said[] }).posted),
  };
}
