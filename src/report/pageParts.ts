// Report: the texts of a report's page, which the build leaves beside the command line and the extension.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorText, UserError } from "../common/errors.ts";
import type { PageParts } from "./page.ts";

const FILES = {
  panel: ["page.js", "panel.js", "page.css", "panel.css", "pageWorker.js"],
  compare: ["comparePage.js", "compare.js", "page.css", "compare.css"],
} as const;

/** @throws UserError */
export async function readPageParts(distFolder: string, of: keyof typeof FILES): Promise<PageParts> {
  const read = (name: string) => readFile(join(distFolder, "webview", name), "utf8");
  try {
    const [host = "", view = "", themes = "", style = "", worker = null] = await Promise.all(
      FILES[of].map(read),
    );
    return { host, view, themes, style, worker };
  } catch (error) {
    throw new UserError(
      `The page's own parts could not be read: ${errorText(error)}.`,
      "Install Darcy again, or build it: npm run build.",
      { cause: error },
    );
  }
}
