// Truth suite: cases of copies.

import { cp, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { CALM, FULL, fixtures, server, type TruthCase } from "./truthCase.ts";
import { twoWorkers } from "./workers.ts";

/** Deep, long, with spaces and letters of several scripts, and with what an URL would escape. */
const FAR_AWAY = ["größe und 長い名前 %20 #1", `${"tief".repeat(20)}`, "données [ñ] & co", "serveur"];

const farAway = (scratch: string, ...file: string[]) => path.join(scratch, ...FAR_AWAY, ...file);

async function copied(scratch: string, folder: string, file: string): Promise<string[]> {
  for (const name of [folder, "support"])
    await cp(path.join(fixtures, name), farAway(scratch, name), { recursive: true });
  return [farAway(scratch, folder, file)];
}

/** `@own/codec` is linked to a package of the workspace, `pad` to pnpm's store. */
async function linked(scratch: string): Promise<string[]> {
  for (const name of ["linked", "support"])
    await cp(path.join(fixtures, name), path.join(scratch, name), { recursive: true });
  const modules = path.join(scratch, "linked/node_modules");
  const stored = path.join(modules, ".pnpm/pad@1.0.0/node_modules/pad");
  await mkdir(path.join(modules, "@own"), { recursive: true });
  await cp(path.join(scratch, "linked/store/pad"), stored, { recursive: true });
  await symlink(path.join(scratch, "linked/packages/codec"), path.join(modules, "@own/codec"), "junction");
  await symlink(stored, path.join(modules, "pad"), "junction");
  return [path.join(scratch, "linked/server.cjs")];
}

/** Files and the pool are work of other categories, too. */
const COPIES_ONLY = { ...CALM, only: "copies" } as const;

export const COPIES: readonly TruthCase[] = [
  { name: "buffers", ...CALM, ...server("buffers", "server.cjs") },
  { name: "buffers, full load", ...FULL, ...server("buffers", "server.cjs") },
  { name: "text, ES module", ...CALM, quick: [], ...server("text", "server.mjs") },
  { name: "text, full load", ...FULL, ...server("text", "server.mjs") },
  { name: "async functions and classes", ...CALM, quick: [], ...server("classes", "server.cjs") },
  { name: "generators", ...CALM, quick: [], ...server("generators", "server.cjs") },
  // Two dozen lines share few operations: all events get a stack.
  {
    name: "code that is odd",
    ...CALM,
    rate: 30,
    stacks: 10_000,
    quick: [26],
    ...server("odd", "server.cjs"),
  },
  { name: "streams", ...CALM, quick: [], ...server("streams", "server.cjs") },
  { name: "event emitters", ...CALM, quick: [], ...server("emitters", "server.cjs") },
  { name: "worker threads", ...CALM, quick: [24], ...server("threads", "server.cjs", ["thread.cjs"]) },
  { name: "hashes, ciphers, compression", ...COPIES_ONLY, quick: [26], ...server("worked", "server.mjs") },
  { name: "hashes, full load", ...FULL, only: "copies", ...server("worked", "server.mjs") },
  { name: "decoders and files", ...COPIES_ONLY, quick: [24], ...server("streamed", "server.mjs") },
  { name: "decoders, full load", ...FULL, only: "copies", ...server("streamed", "server.mjs") },
  // Few small ones beside large ones of the same operations.
  { name: "bodies and Blobs", ...COPIES_ONLY, stacks: 1_000, quick: [26], ...server("bodies", "server.mjs") },
  {
    name: "clients and sockets",
    ...COPIES_ONLY,
    stacks: 1_000,
    quick: [24],
    ...server("clients", "server.mjs"),
  },
  {
    name: "dependencies that copy",
    ...CALM,
    quick: [26],
    ...server("dependency", "server.cjs", [
      "node_modules/packer/index.js",
      "node_modules/@scope/coder/lib/main.cjs",
    ]),
  },
  // Their split is an estimate.
  { name: "identical lines", ...CALM, quick: [], seconds: 5, ...server("identical", "server.cjs") },
  {
    name: "pipelining",
    ...FULL,
    seconds: 4,
    quick: [26],
    pipelining: 8,
    ...server("buffers", "server.cjs"),
  },
  {
    name: "two workers",
    ...FULL,
    quick: [24],
    seconds: 5,
    ...twoWorkers,
    ...server("buffers", "server.cjs"),
  },
  {
    name: "linked packages",
    ...CALM,
    quick: [24],
    sources: (scratch) => [
      ...["server.cjs", "packages/codec/index.js"].map((file) => path.join(scratch, "linked", file)),
      path.join(scratch, "support/serve.cjs"),
    ],
    args: linked,
  },
  {
    name: "long path of several scripts",
    ...CALM,
    quick: [26],
    sources: (scratch) => [farAway(scratch, "text/server.mjs"), farAway(scratch, "support/serve.cjs")],
    args: (scratch) => copied(scratch, "text", "server.mjs"),
  },
];
