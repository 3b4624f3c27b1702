// Page: what stands for VS Code around a view in a browser: the api that the view asks for, a theme, what the page shows.

import type { Location } from "../protocol/report.ts";

/** What the page calls what it shows. */
export const title = document.body.dataset.title ?? "";

/** What stands in the element of this id; empty where there is none. */
export function textIn(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

/** Settles once the page has come whole. */
export function pageRead(): Promise<void> {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) =>
    document.addEventListener("DOMContentLoaded", () => resolve(), { once: true }),
  );
}

/** Before the view's own script runs. */
export function answerView<Message>(answer: (message: Message) => Promise<void>): void {
  let ui: unknown = null;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: Message) => void answer(message),
      getState: () => ui,
      setState: (next: unknown) => {
        ui = next;
      },
    }),
  });
  showTheme();
  for (const query of themeQueries()) query.addEventListener("change", showTheme);
}

/** VS Code answers to such addresses where it is installed, and asks first. */
export function openInEditor({ file, line, column }: Pick<Location, "file" | "line" | "column">): void {
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return;
  const path = file
    .replaceAll("\\", "/")
    .split("/")
    .map(encodeURIComponent)
    .join("/")
    .replace(/^([A-Za-z])%3A/, "$1:");
  window.location.href = `vscode://file/${path.replace(/^\//, "")}:${line}:${column}`;
}

function themeQueries(): readonly MediaQueryList[] {
  return ["(prefers-color-scheme: light)", "(prefers-contrast: more)", "(forced-colors: active)"].map(
    (query) => matchMedia(query),
  );
}

/** As VS Code marks its themes on the body. */
function showTheme(): void {
  const [light, contrast, forced] = themeQueries().map(({ matches }) => matches);
  const high = contrast === true || forced === true;
  const kind = light === true ? "light" : "dark";
  document.documentElement.dataset.theme = high ? `hc-${kind}` : kind;
  const classes = high
    ? light === true
      ? ["vscode-high-contrast-light", "vscode-high-contrast"]
      : ["vscode-high-contrast"]
    : [`vscode-${kind}`];
  document.body.classList.remove(
    "vscode-dark",
    "vscode-light",
    "vscode-high-contrast",
    "vscode-high-contrast-light",
  );
  document.body.classList.add(...classes);
}
