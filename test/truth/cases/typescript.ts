// Truth suite: servers that are written in TypeScript, by the ways in which it comes to run.

import { bundle, compile, transpile } from "./compiled.ts";
import { CALM, FULL, inFixture, server, type TruthCase } from "./truthCase.ts";

const compiled = { ...CALM, ...server("compiled", "server.ts", ["codec.ts"]) };
const bundled = { ...CALM, ...server("bundled", "server.ts", ["archive.ts"]) };
/** What esbuild leaves of `require` in a CommonJS file. */
const REQUIRE = {
  js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);',
};
const FILES = ["server.ts", "codec.ts"];
const tsx = (folder: string) => () => ["--import", "tsx", ...inFixture(folder, "server.ts")];

export const TYPESCRIPT: readonly TruthCase[] = [
  {
    name: "TypeScript by tsx",
    ...CALM,
    quick: [],
    ...server("typescript", "server.ts"),
    args: tsx("typescript"),
  },
  { name: "TypeScript by tsx, two files", ...compiled, quick: [], args: tsx("compiled") },
  // Node 22 and later do it by themselves.
  {
    name: "TypeScript by Node",
    ...CALM,
    quick: [24],
    nodes: [22, 24, 26],
    ...server("stripped", "server.ts"),
  },
  {
    name: "TypeScript by tsc, maps",
    ...compiled,
    quick: [26],
    args: (scratch) => compile("compiled", FILES, scratch),
  },
  {
    name: "TypeScript by esbuild, maps",
    ...compiled,
    quick: [],
    args: (scratch) => transpile("compiled", FILES, scratch),
  },
  {
    name: "bundle, linked map",
    ...bundled,
    args: (scratch) => bundle("bundled", scratch, { sourcemap: "linked" }),
  },
  {
    name: "bundle, inline map",
    ...bundled,
    quick: [],
    args: (scratch) => bundle("bundled", scratch, { sourcemap: "inline" }),
  },
  {
    name: "bundle, ES module",
    ...compiled,
    quick: [],
    args: (scratch) => bundle("compiled", scratch, { sourcemap: "linked", format: "esm", banner: REQUIRE }),
  },
  {
    name: "objects, TypeScript by tsx",
    ...FULL,
    ...server("heapTypescript", "server.ts"),
    args: tsx("heapTypescript"),
  },
  {
    name: "objects, minified bundle",
    ...FULL,
    ...server("heapTypescript", "server.ts"),
    args: (scratch) => bundle("heapTypescript", scratch, { sourcemap: "linked" }),
  },
];
