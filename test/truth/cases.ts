// Truth suite: which servers are recorded, and under which load.

import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const fixtures = path.join(root, "test/fixtures/truth");
const orders = path.join(root, "examples/orders/src/wasteful");

export interface TruthCase {
  readonly name: string;
  /** Nodes on which `npm test` has it; `npm run truth` has it on all of `nodes`. */
  readonly quick: readonly number[];
  /** What stands after the name of the Node executable. */
  readonly args: (scratch: string) => Promise<readonly string[]> | readonly string[];
  /** Absolute paths of the sources that state costs. */
  readonly sources: readonly string[];
  readonly path: string;
  readonly connections: number;
  /** Requests a second; null: as many as it can. */
  readonly rate: number | null;
  readonly seconds: number;
  readonly nodes: readonly number[];
  /** `--stacks`: where lines share an operation and a size, their shares are estimates that need many samples. */
  readonly stacks?: number;
}

const ALL = [20, 24, 26];
/** Every event is sampled at this rate, so that lines are exact. */
const CALM = { path: "/", connections: 2, rate: 40, seconds: 3, quick: [20], nodes: ALL } as const;
/** Of 50 a second, the default, 8 s of full load are off by up to 15 %, and the report says so. */
const MANY_STACKS = 10_000;
/** Longer, because single long waits weigh more. */
const WAITING = { ...CALM, rate: null, seconds: 6 } as const;
/** As much as it can: sampled, and with the inlining-correct windows under way. */
const FULL = {
  path: "/",
  connections: 4,
  rate: null,
  seconds: 8,
  quick: [] as number[],
  nodes: ALL,
} as const;

const inFixture = (folder: string, ...files: string[]) =>
  files.map((file) => path.join(fixtures, folder, file));

function server(folder: string, file: string, more: readonly string[] = []) {
  const sources = [...inFixture(folder, file, ...more), path.join(fixtures, "support/serve.cjs")];
  return { sources, args: () => [path.join(fixtures, folder, file)] };
}

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

export const CASES: readonly TruthCase[] = [
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
  { name: "inlined functions", ...FULL, quick: [20, 26], ...server("inlined", "server.cjs") },
  { name: "off-heap buffers", ...FULL, quick: [26], seconds: 5, ...server("offHeap", "server.cjs") },
  { name: "thread pool", ...CALM, quick: [20, 26], ...server("pool", "server.cjs") },
  { name: "thread pool, full load", ...FULL, ...server("pool", "server.cjs") },
  {
    name: "messages",
    ...CALM,
    ...server("messages", "server.cjs", ["thread.cjs", "child.cjs"]),
  },
  { name: "async-mutex", ...WAITING, ...server("mutex", "server.cjs") },
  // Node 20 has no hooks for ES modules that run on the same thread, so p-limit goes unseen there.
  {
    name: "p-limit",
    ...CALM,
    connections: 4,
    rate: null,
    quick: [26],
    nodes: [24, 26],
    ...server("limit", "server.mjs"),
  },
  { name: "http.Agent", ...WAITING, connections: 6, ...server("agent", "server.cjs") },
  { name: "Atomics.wait", ...CALM, seconds: 6, ...server("atomics", "server.cjs", ["thread.cjs"]) },
  {
    name: "Web Locks",
    ...CALM,
    connections: 3,
    rate: null,
    quick: [26],
    nodes: [24, 26],
    ...server("webLocks", "server.mjs"),
  },
  { name: "shared operation, calm", ...CALM, rate: 4, seconds: 5, ...server("shared", "server.cjs") },
  { name: "shared operation, full load", ...FULL, stacks: MANY_STACKS, ...server("shared", "server.cjs") },
  {
    name: "orders example",
    ...FULL,
    seconds: 12,
    quick: [20, 26],
    stacks: MANY_STACKS,
    path: "/orders",
    connections: 10,
    sources: [
      "audit",
      "body",
      "catalogue",
      "orderBook",
      "overview",
      "server",
      "signer",
      "signerThread",
      "stock",
    ].map((file) => path.join(orders, `${file}.js`)),
    args: () => [path.join(orders, "server.js")],
  },
];
