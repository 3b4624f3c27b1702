// The architecture's one direction, held by a test: who may import whom (src/README.md).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, it } from "node:test";

const root = resolve(import.meta.dirname ?? __dirname, "../..");
const NEVER_VSCODE = [
  "protocol",
  "runtime",
  "collector",
  "model",
  "report",
  "sources",
  "cli",
  "page",
  "tools",
  "mcp",
];
/** What a folder of src may import beside itself; folders that are not listed may import any but `extension`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  runtime: ["protocol"],
  model: ["protocol"],
  sources: ["protocol", "model", "common/changedMs.ts"],
  report: ["protocol", "model", "common/errors.ts"],
  page: [
    "protocol",
    "model",
    "recording/analysis/messages.ts",
    "recording/analysis/opened.ts",
    "recording/idle.ts",
    "recording/spanAnswers.ts",
  ],
  collector: ["protocol", "model", "common/changedMs.ts", "common/errors.ts", "common/version.ts"],
  tools: ["protocol", "model", "report", "common/errors.ts"],
  mcp: ["protocol", "model", "report", "collector", "tools", "common/errors.ts", "common/version.ts"],
  cli: [
    "protocol",
    "model",
    "sources",
    "mcp/server.ts",
    "recording/front.ts",
    "report",
    "collector",
    "common/errors.ts",
    "common/version.ts",
  ],
};
// The gate asks for the built preload beside it, which older Nodes must not parse.
const RUNTIME_PACKAGES = /^(?:node:|runtime\/preload\.js$)/;

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\(\s*)"([^"\n]+)"/g)].map(
    (match) => match[1] as string,
  );
}

const imports: Import[] = filesBelow(join(root, "src")).flatMap((file) =>
  importsOf(file).map((to) => ({
    from: relative(join(root, "src"), file).split(sep).join("/"),
    to: to.startsWith(".")
      ? relative(join(root, "src"), resolve(dirname(file), to))
          .split(sep)
          .join("/")
      : to,
  })),
);

const folderOf = (path: string) => path.split("/")[0] as string;
const isLocal = (path: string) => path.endsWith(".ts") || path.startsWith("../");
const said = (broken: readonly Import[]) => broken.map(({ from, to }) => `${from} imports ${to}`).join("\n");

describe("import rules", () => {
  it("finds the code", () => assert.ok(imports.length > 100, `${imports.length} imports`));

  for (const [folder, allowed] of Object.entries(ALLOWED)) {
    it(`${folder} imports only itself${allowed.length > 0 ? `, ${allowed.join(", ")}` : ""}`, () => {
      const broken = imports.filter(
        ({ from, to }) =>
          folderOf(from) === folder &&
          isLocal(to) &&
          folderOf(to) !== folder &&
          !allowed.some((name) => to === name || to.startsWith(`${name}/`)),
      );
      assert.equal(said(broken), "");
    });
  }

  it("runtime brings no package into the user's process", () => {
    const broken = imports.filter(
      ({ from, to }) => folderOf(from) === "runtime" && !isLocal(to) && !RUNTIME_PACKAGES.test(to),
    );
    assert.equal(said(broken), "");
  });

  it("the core does not know vscode", () => {
    const broken = imports.filter(({ from, to }) => NEVER_VSCODE.includes(folderOf(from)) && to === "vscode");
    assert.equal(said(broken), "");
  });

  it("the model does no input or output", () => {
    const broken = imports.filter(({ from, to }) => folderOf(from) === "model" && to.startsWith("node:"));
    assert.equal(said(broken), "");
  });

  it("nobody imports the extension", () => {
    assert.equal(said(imports.filter(({ to }) => to === "extension.ts")), "");
  });

  it("the webview imports only the protocol, the words, the number format and the grouping", () => {
    const broken = filesBelow(join(root, "webview")).flatMap((file) =>
      importsOf(file)
        .filter((to) => to.startsWith("."))
        .map((to) => ({
          from: relative(root, file),
          to: relative(root, resolve(dirname(file), to))
            .split(sep)
            .join("/"),
        }))
        .filter(
          ({ to }) =>
            !/^(?:webview\/|src\/protocol\/|src\/model\/(?:format|groups|l10n|noticeWords|messageWords|calibration\.ts))/.test(
              to,
            ),
        ),
    );
    assert.equal(said(broken), "");
  });
});
