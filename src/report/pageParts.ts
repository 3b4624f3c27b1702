// Report: the texts of a report's page, which the build leaves beside the command line and the extension.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorText, UserError } from "../common/errors.ts";
import type { PageParts } from "./html.ts";

/** @throws UserError */
export async function readPageParts(distFolder: string): Promise<PageParts> {
  const read = (name: string) => readFile(join(distFolder, "webview", name), "utf8");
  try {
    const [host, panel, themes, style] = await Promise.all(
      ["page.js", "panel.js", "page.css", "panel.css"].map(read),
    );
    return { host, panel, themes, style } as PageParts;
  } catch (error) {
    throw new UserError(
      `The page's own parts could not be read: ${errorText(error)}.`,
      "Install Darcy again, or build it: npm run build.",
      { cause: error },
    );
  }
}
