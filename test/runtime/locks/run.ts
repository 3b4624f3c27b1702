// Writes a program into a folder of its own, runs it under the lock harness and reads what it printed.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Measured } from "./harness.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../../..");
const DEADLINE_MILLIS = 60_000;

export interface NodeVersion {
  readonly major: number;
  readonly minor: number;
  readonly path: string;
}

/** From `DARCY_TEST_NODES` ("20=/path,24=/path"), else the Node that runs the tests. */
export function nodeVersions(): NodeVersion[] {
  const listed = (process.env.DARCY_TEST_NODES ?? "").split(",").filter((item) => item !== "");
  const paths = listed.map((item) => item.slice(item.indexOf("=") + 1));
  return (paths.length > 0 ? paths : [process.execPath]).map(versionOf);
}

function versionOf(path: string): NodeVersion {
  const text = execFileSync(path, ["-p", "process.versions.node"], { encoding: "utf8" });
  const [major = 0, minor = 0] = text.split(".").map(Number);
  return { major, minor, path };
}

/** Whether exports of ES modules can be replaced there. */
export function hasHooks({ major, minor }: NodeVersion): boolean {
  return major > 22 || (major === 22 && minor >= 15);
}

/** Of a test file: it is there from its first test to its last. */
export class Workshop {
  private folder = "";
  private harness = "";

  constructor() {
    before(() => this.open());
    after(() => rm(this.folder, { recursive: true, force: true }));
  }

  private async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), "darcy locks "));
    this.harness = join(this.folder, "harness.cjs");
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join(HERE, "harness.ts")],
      outfile: this.harness,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "error",
    });
    await symlink(join(ROOT, "node_modules"), join(this.folder, "node_modules"), "junction");
    await writeFile(join(this.folder, "package.json"), '{ "dependencies": { "p-limit": "*" } }');
  }

  /** A package beside the program, which finds it before the one that is installed. */
  async addPackage(name: string, source: string): Promise<void> {
    const folder = join(this.folder, "beside", "node_modules", name);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ name, version: "3.1.0", main: "index.js" }),
    );
    await writeFile(join(folder, "index.js"), source);
  }

  /** What the program printed, as JSON. Without `probes` the harness is not loaded. */
  async run<T>(
    node: NodeVersion,
    format: "cjs" | "mjs",
    source: string,
    { probes = true, stacks = 100_000, requests = false } = {},
  ): Promise<T> {
    const file = join(this.folder, `program.${format}`);
    await writeFile(file, source);
    const args = [...(probes ? ["--require", this.harness] : []), file];
    const text = await output(node.path, args, {
      LOCKS_STACKS: String(stacks),
      LOCKS_REQUESTS: requests ? "1" : "0",
    });
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new Error(`The program printed: ${text}`);
    }
  }
}

/** Line of the mark `//@name` in a program, from 1. */
export function lineOf(source: string, name: string): number {
  return source.split("\n").findIndex((line) => line.includes(`//@${name}`)) + 1;
}

/** What a program's own clock says, microseconds: the wait lasted at least the one and at most the other. */
export type Truth = readonly [least: number, most: number];

/** A part in a thousand is for clocks that are read in different places. */
export function assertWithin(micros: number, [least, most]: Truth): void {
  assert.ok(
    least > 0 && micros >= least * 0.999 && micros <= most * 1.001,
    `${micros} µs, not ${least} to ${most}`,
  );
}

export function find(measured: readonly Measured[], callee: string): Measured {
  const found = measured.find((one) => one.callee === callee);
  if (found === undefined) throw new Error(`Nothing of ${callee} in ${JSON.stringify(measured)}`);
  return found;
}

/** Sites without their amounts, the most frequent first. */
export function linesOf(measured: Measured): [waiter: number | null, holder: number | null, count: number][] {
  const sums: { waiter: number | null; holder: number | null; count: number }[] = [];
  for (const { waiter, holder, count } of measured.sites) {
    const known = sums.find((one) => one.waiter === waiter && one.holder === holder);
    if (known === undefined) sums.push({ waiter, holder, count });
    else known.count += count;
  }
  return sums.sort((a, b) => b.count - a.count).map((one) => [one.waiter, one.holder, one.count]);
}

/** Waits for one callee and nothing else, as long as the program's own clock says, at these lines. */
export function assertWaits(
  { truth, measured, faults }: Told,
  callee: string,
  lines: ReturnType<typeof linesOf>,
): void {
  assert.deepEqual(faults, []);
  const waits = find(measured, callee);
  const count = lines.reduce((sum, [, , of]) => sum + of, 0);
  assert.deepEqual([measured.length, waits.kind, waits.count], [1, "wait", count]);
  assertWithin(waits.micros, truth);
  assert.deepEqual(linesOf(waits), lines);
}

/** So many waits for one callee, all at the one line and for the other. */
export function assertLines(
  { measured, faults }: Pick<Told, "measured" | "faults">,
  callee: string,
  count: number,
  [waiter, holder]: readonly [waiter: number, holder: number],
): void {
  assert.deepEqual(faults, []);
  const waits = find(measured, callee);
  assert.equal(waits.count, count);
  for (const [at, by] of linesOf(waits)) assert.deepEqual([at, by], [waiter, holder]);
}

/** What is the same in all programs; `main` is theirs. */
export const COMMON = `
const hold = (millis) => new Promise((done) => setTimeout(done, millis));
const micros = () => performance.now() * 1000;
const turn = () => new Promise((done) => setImmediate(done));
const say = (value) => console.log(JSON.stringify(value));
// Without registerHooks ES modules are patched a little after they have been loaded.
const patched = async (method) => {
  const deadline = Date.now() + 20_000;
  while (globalThis.locks && !String(method()).includes("contention")) {
    if (Date.now() > deadline) throw new Error("not patched");
    await turn();
  }
};
`;
/** What a program returns in the end. */
export const TELL = "return { truth, measured: locks.cut(), faults: locks.faults };";
export interface Told {
  readonly truth: Truth;
  readonly measured: Measured[];
  readonly faults: string[];
}
/** A program whose \`main\` has this body. */
export function programOf(header: string, body: string): string {
  return `${header}${COMMON}main().then(say);\nasync function main() {\n${body}\n}\n`;
}

/** Runs the bodies of one library's programs, and finds the marks in them. @param program makes one of a body */
export function bodies(
  workshop: Workshop,
  node: NodeVersion,
  format: "cjs" | "mjs",
  program: (body: string) => string,
) {
  return {
    run: <T = Told>(body: string, options = {}) => workshop.run<T>(node, format, program(body), options),
    line: (body: string, mark: string) => lineOf(program(body), mark),
  };
}

function output(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<string> {
  return new Promise((done, fail) => {
    const env = { ...process.env, NODE_OPTIONS: "", ...environment };
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const deadline = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MILLIS);
    let text = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (text += String(chunk)));
    child.stderr.on("data", (chunk) => (errors += String(chunk)));
    child.on("error", fail);
    child.on("close", (code) => {
      clearTimeout(deadline);
      if (code === 0) done(text);
      else fail(new Error(`Exit code ${code}: ${errors}${text}`));
    });
  });
}
