// Truth suite: what compilers and bundlers do to a server before it runs.

import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import { fixtures, inFixture, root } from "./truthCase.ts";

const run = promisify(execFile);

/** One minified file. */
export async function bundle(folder: string, scratch: string, options: BuildOptions): Promise<string[]> {
  const outfile = path.join(scratch, options.format === "esm" ? "server.mjs" : "server.cjs");
  await build({
    entryPoints: inFixture(folder, "server.ts"),
    bundle: true,
    platform: "node",
    minify: true,
    outfile,
    logLevel: "warning",
    ...options,
  });
  return [outfile];
}

/** A file for each source, with a map beside it, by esbuild. */
export async function transpile(
  folder: string,
  files: readonly string[],
  scratch: string,
): Promise<string[]> {
  const outdir = await outputFolder(folder, scratch);
  const entryPoints = inFixture(folder, ...files);
  await build({ entryPoints, format: "cjs", outdir, sourcemap: "linked", logLevel: "warning" });
  return [path.join(outdir, "server.js")];
}

/** As `transpile`, by TypeScript's own compiler. */
export async function compile(folder: string, files: readonly string[], scratch: string): Promise<string[]> {
  const outdir = await outputFolder(folder, scratch);
  const options = {
    module: "commonjs",
    moduleResolution: "bundler",
    target: "es2022",
    types: "node",
    rootDir: path.join(fixtures, folder, ".."),
    outDir: path.join(outdir, ".."),
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const flags = ["--sourceMap", "--strict", "--skipLibCheck", "--allowJs", "--ignoreConfig"];
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [tsc, ...words, ...flags, ...inFixture(folder, ...files)], { cwd: root });
  return [path.join(outdir, "server.js")];
}

/** Where `../support/serve.cjs` is found from. */
async function outputFolder(folder: string, scratch: string): Promise<string> {
  await cp(path.join(fixtures, "support"), path.join(scratch, "support"), { recursive: true });
  return path.join(scratch, folder);
}
