// Commands: the words that run one JavaScript or TypeScript file.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { NodeBinary } from "../../collector/findNode.ts";
import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";

const SCRIPT = /\.[cm]?[jt]s$/;
const TYPESCRIPT = /\.[cm]?ts$/;

export function isRunnable(file: string): boolean {
  return SCRIPT.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/**
 * Plain Node where it can; for TypeScript on a Node that does not strip types, the workspace's own tsx.
 * @throws UserError when the file needs tsx and there is none
 */
export function nodeCommand(
  node: NodeBinary,
  file: string,
  words: { before?: readonly string[]; after?: readonly string[] } = {},
): string[] {
  const before = words.before ?? [];
  const after = words.after ?? [];
  if (!TYPESCRIPT.test(file) || node.stripsTypes || loadsTypeScript(before))
    return [node.path, ...before, file, ...after];
  const tsx = tsxFor(file);
  if (tsx === null) {
    throw new UserError(
      t("Node.js {0} does not run TypeScript files, and tsx is not installed for {1}.", node.version, file),
      t(
        "Use Node.js 22.18 or newer (setting darcy.nodePath), run `npm install --save-dev tsx`, or pick a package.json script.",
      ),
    );
  }
  return [node.path, ...before, "--import", tsx, file, ...after];
}

/** A loader that the user has set up: tsx, ts-node, swc-node, or Node's own switch. */
function loadsTypeScript(words: readonly string[]): boolean {
  return words.some((word) =>
    /tsx|ts-node|swc|esbuild|--experimental-(strip|transform)-types|--loader/.test(word),
  );
}

function tsxFor(file: string): string | null {
  try {
    const entry = createRequire(file).resolve("tsx");
    return existsSync(entry) ? pathToFileURL(entry).href : null;
  } catch {
    return null;
  }
}
