// npm test [-- PART...]: installs what it needs, builds, runs every part and adds up. The last line is
// "N passed, N failed". Parts: check, unit, runtime, fuzz, faults, truth, fidelity, webview, vscode.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { EVERY_MAJOR, ensureNodes, nodesVariable } from "./nodes.mjs";
import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";
import { runSuites } from "./suites.mjs";
import { runnerCounts } from "./tally.mjs";

/** Of a part by itself: every one. */
const MAJORS = [20, 24, 26];
/** Against a test that hangs; no test is expected to come near it. */
const TIMEOUT_MS = 600_000;
/** Of a file; the whole truth suite is one, and each of its recordings has a deadline of its own. */
const WHOLE_TRUTH_TIMEOUT_MS = 3 * 3_600_000;
const WHOLE_FIDELITY_TIMEOUT_MS = 3_600_000;

const PARTS = {
  check: () => [...command("lint and format", biome, ["check", "."]), ...command("types", tsc, ["--noEmit"])],
  unit: () => suites("test/unit", { again: true }),
  // One file after the other: they start servers of several processes.
  runtime: ({ alone }) =>
    suites("test/runtime", { serial: true, nodes: alone ? EVERY_MAJOR : MAJORS, again: true }),
  fuzz: () => suites("test/fuzz", { serial: true }),
  faults: ({ alone }) =>
    suites("test/faults", {
      serial: true,
      again: true,
      nodes: [20, 24],
      env: { DARCY_FAULTS: alone ? "all" : "fast" },
    }),
  truth: ({ alone }) =>
    suites("test/truth", {
      serial: true,
      again: true,
      nodes: alone ? EVERY_MAJOR : MAJORS,
      env: { DARCY_TRUTH: alone ? "all" : "fast" },
      timeout: alone ? WHOLE_TRUTH_TIMEOUT_MS : TIMEOUT_MS,
    }),
  fidelity: ({ alone }) =>
    suites("test/fidelity", {
      serial: true,
      nodes: alone ? EVERY_MAJOR : MAJORS,
      env: { DARCY_FIDELITY: alone ? "all" : "fast" },
      timeout: alone ? WHOLE_FIDELITY_TIMEOUT_MS : TIMEOUT_MS,
    }),
  webview: () => suites("test/webview", { serial: true, again: true }),
  vscode: () => script("test/vscode/run.ts"),
};

const biome = path.join(root, "node_modules/@biomejs/biome/bin/biome");
const tsc = path.join(root, "node_modules/typescript/bin/tsc");

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !Object.hasOwn(PARTS, part));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. Parts: ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
const total = await runParts(wanted.length > 0 ? wanted : Object.keys(PARTS));
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function runParts(parts) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const remarks = [];
  const add = (more) => {
    for (const key of Object.keys(counts)) counts[key] += more[key] ?? 0;
    remarks.push(...(more.remarks ?? []));
  };
  heading("install and build");
  try {
    ensureInstalled();
    ensureBuilt();
  } catch (error) {
    console.error(error.message);
    return { ...counts, failed: 1 };
  }
  for (const part of parts) {
    heading(part);
    const start = Date.now();
    try {
      for await (const result of PARTS[part]({ alone: parts.length === 1 })) add(result);
    } catch (error) {
      console.error(error);
      add({ failed: 1 });
    }
    console.log(`${part}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
  }
  if (remarks.length > 0) heading("what failed");
  for (const remark of remarks) console.log(remark);
  return counts;
}

function heading(text) {
  console.log(`\n=== ${text} ${"=".repeat(Math.max(0, 70 - text.length))}`);
}

/** A tool that counts as one test. */
function* command(name, file, args) {
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "passed" : "FAILED"}: ${name}`);
  yield status === 0 ? { passed: 1 } : { failed: 1 };
}

/** All *.test.ts under a folder, by node:test; `again`: see scripts/suites.mjs. */
async function* suites(
  folder,
  { serial = false, nodes = [], env = {}, timeout = TIMEOUT_MS, again = false } = {},
) {
  const files = existsSync(path.join(root, folder)) ? testFiles(folder) : [];
  if (files.length === 0) throw new Error(`No tests in ${folder}`);
  const options = [
    "--import",
    "tsx",
    ...(serial ? ["--test-concurrency=1"] : []),
    `--test-timeout=${timeout}`,
  ];
  const variables = { ...process.env, ...nodesVariable(ensureNodes(nodes)), ...env };
  yield runSuites(files, { options, env: variables, cwd: root, again });
}

/** A runner of its own. */
function* script(file) {
  yield new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: root,
      stdio: ["inherit", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => {
      process.stdout.write(chunk);
      output = (output + chunk).slice(-65_536);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(runnerCounts(output, code)));
  });
}

function testFiles(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
