// Truth suite: cases of copies.

import path from "node:path";
import { build } from "esbuild";
import { CALM, FULL, inFixture, server, type TruthCase } from "./truthCase.ts";

async function bundle(scratch: string, sourcemap: "linked" | "inline"): Promise<string[]> {
  const outfile = path.join(scratch, "server.js");
  await build({
    entryPoints: inFixture("bundled", "server.ts"),
    bundle: true,
    platform: "node",
    minify: true,
    sourcemap,
    outfile,
    logLevel: "warning",
  });
  return [outfile];
}

export const COPIES: readonly TruthCase[] = [
  { name: "buffers", ...CALM, ...server("buffers", "server.cjs") },
  { name: "buffers, full load", ...FULL, ...server("buffers", "server.cjs") },
  { name: "text, ES module", ...CALM, ...server("text", "server.mjs") },
  { name: "text, full load", ...FULL, ...server("text", "server.mjs") },
  {
    name: "TypeScript by tsx",
    ...CALM,
    ...server("typescript", "server.ts"),
    args: () => ["--import", "tsx", ...inFixture("typescript", "server.ts")],
  },
  {
    name: "bundle, linked map",
    ...CALM,
    ...server("bundled", "server.ts", ["archive.ts"]),
    args: (scratch) => bundle(scratch, "linked"),
  },
  {
    name: "bundle, inline map",
    ...CALM,
    quick: [],
    ...server("bundled", "server.ts", ["archive.ts"]),
    args: (scratch) => bundle(scratch, "inline"),
  },
];
