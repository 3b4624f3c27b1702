// Tests: the programs beside the packages that they import, and the files that they serve.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import type { PublicCase } from "./cases.ts";
import { buildNext } from "./nextApplication.ts";
import { folder } from "./packages.ts";

const sources = join(import.meta.dirname, "programs");
export const programs = join(folder, "programs");
export const staticFiles = join(folder, "static");

/** Copies them, and compiles what has to be. @param nodes by major version */
export function prepareProgram({ name }: PublicCase, nodes: ReadonlyMap<number, string>): void {
  mkdirSync(staticFiles, { recursive: true });
  writeFileSync(join(staticFiles, "large.txt"), "a line of a large file\n".repeat(40_000));
  cpSync(sources, programs, { recursive: true });
  if (name === "nest") {
    const { code } = transformSync(readFileSync(join(sources, "nest.ts"), "utf8"), {
      loader: "ts",
      target: "node20",
      sourcemap: "inline",
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    writeFileSync(join(programs, "nest.mjs"), code);
  }
  if (name === "next") buildNext(join(programs, "next"), nodes.get(24) ?? ([...nodes.values()][0] as string));
}
