// Unit tests: authored lines of real compilers' output, and what becomes of bad maps.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BuildOptions, build, transform } from "esbuild";
import type { Frame, FrameSource, Profile } from "../../src/model/profile.ts";
import { resolveSources } from "../../src/sources/resolve.ts";
import { frame, KnownProfile } from "./knownProfile.ts";

const run = promisify(execFile);
const fixtures = fileURLToPath(new URL("../fixtures/sources/", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const capture = join(fixtures, "capture.cjs");
let folder = "";

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "darcy-sources-")));
  for (const name of ["place.ts", "stripped.mts"]) await copyFile(join(fixtures, name), join(folder, name));
  await writeFile(join(folder, "package.json"), "{}");
});
after(() => rm(folder, { recursive: true, force: true }));

type Captured = Pick<Profile, "frames" | "sourceMaps">;

async function captured(script: string, flags: readonly string[] = []): Promise<Captured> {
  const { stdout } = await run(process.execPath, ["--require", capture, ...flags, script], { cwd: root });
  const part = JSON.parse(stdout) as Captured;
  return { ...part, frames: part.frames.filter(({ url }) => url !== capture) };
}

async function sources(part: Captured): Promise<FrameSource[]> {
  const profile = { ...new KnownProfile().profile({ cwd: folder }), ...part };
  const resolved = await resolveSources(profile);
  assert.equal(resolved.sourceMaps, undefined);
  return resolved.frames.map(({ source }) => source as FrameSource);
}

/** As new ones: places are kept by the frame itself. */
const fresh = (frames: readonly Frame[]) => frames.map((frame) => ({ ...frame }));

/** Places in the user's code, innermost first. */
async function userPlaces(part: Captured): Promise<string[]> {
  const all = await sources(part);
  return all
    .filter(({ origin }) => origin === "user")
    .map(({ file, line }) => `${file.slice(folder.length + 1)}:${line}`);
}

const PLACES = ["place.ts:16", "place.ts:21", "place.ts:21", "place.ts:24"];

async function built(name: string, options: BuildOptions): Promise<string> {
  const outfile = join(folder, "dist", name);
  await build({
    entryPoints: [join(folder, "place.ts")],
    outfile,
    platform: "node",
    logLevel: "error",
    ...options,
  });
  return outfile;
}

test("tsx: the map that only the process has", async () => {
  const part = await captured(join(folder, "place.ts"), ["--import", "tsx"]);
  assert.equal(part.frames[0]?.line, 2, "tsx must compile onto other lines, else this test shows nothing");
  assert.deepEqual(await userPlaces(part), PLACES);
});

test("tsx, module kinds by extension, in a folder that is not ASCII", async () => {
  await mkdir(join(folder, "bücher"), { recursive: true });
  for (const name of ["einer.mts", "einer.ts"]) {
    const script = join(folder, "bücher", name);
    // Another text under the name that tsx gives the first.
    await writeFile(
      script,
      `${name === "einer.ts" ? "\n\n" : ""}${await readFile(join(folder, "stripped.mts"), "utf8")}`,
    );
  }
  const part = await captured(join(folder, "bücher", "einer.mts"), ["--import", "tsx"]);
  assert.equal((await userPlaces(part))[0], join("bücher", "einer.mts:9"));
});

test("tsx, ES module", async () => {
  const part = await captured(join(folder, "stripped.mts"), ["--import", "tsx"]);
  assert.notEqual(part.frames[0]?.line, 9);
  assert.equal((await userPlaces(part))[0], "stripped.mts:9");
});

test("a .ts file compiled in memory without its map is charged to nobody, and may be placed later", async () => {
  const part = await captured(join(folder, "place.ts"), ["--import", "tsx"]);
  const without = await sources({ frames: part.frames });
  assert.deepEqual(
    without.filter(({ origin }) => origin === "user"),
    [],
  );
  const later = await sources(part);
  assert.equal(later[0]?.line, 16);
});

test("types stripped in place: the file's own positions", async () => {
  // As Node does it from 22.18 on; this Node may be older, so the positions are worked out from the text.
  const text = await import("node:fs/promises").then(({ readFile }) =>
    readFile(join(folder, "stripped.mts"), "utf8"),
  );
  const offset = text.indexOf("capture(); //");
  const own = {
    ...frame("x:1 place"),
    url: `file://${join(folder, "stripped.mts")}`,
    line: 9,
    column: 3,
    offset,
  };
  assert.deepEqual(await userPlaces({ frames: [own] }), ["stripped.mts:9"]);
  assert.deepEqual(await userPlaces({ frames: [{ ...own, offset: offset + 1 }] }), []);
  const heap = { ...own, line: 7, column: (text.split("\n")[6]?.indexOf("(") as number) + 1, offset: 0 };
  assert.deepEqual(await userPlaces({ frames: [heap] }), ["stripped.mts:7"]);
});

test("a line without a column is placed by its first code, or by its end where its text is nowhere", async () => {
  const part = await captured(await built("lines.js", { sourcemap: "inline" }));
  const lines = fresh(part.frames).map((one) => ({ ...one, column: 0, offset: 0 }));
  assert.deepEqual(await userPlaces({ frames: lines }), PLACES, "from the disk");
  assert.deepEqual(await userPlaces({ ...part, frames: fresh(lines) }), PLACES, "as sent");
  const stripped = {
    ...frame("x:1 place"),
    url: `file://${join(folder, "stripped.mts")}`,
    line: 9,
    column: 0,
  };
  assert.deepEqual(await userPlaces({ frames: [stripped] }), ["stripped.mts:9"]);
});

for (const minify of [false, true]) {
  for (const sourcemap of ["inline", "linked"] as const) {
    test(`esbuild, ${sourcemap} map${minify ? ", minified" : ""}`, async () => {
      const file = await built(`${sourcemap}-${minify}.js`, { sourcemap, minify });
      const part = await captured(file);
      assert.equal(part.sourceMaps?.length, sourcemap === "inline" ? 1 : 0);
      assert.deepEqual(await userPlaces({ frames: part.frames }), PLACES, "from the disk");
      assert.deepEqual(await userPlaces({ ...part, frames: fresh(part.frames) }), PLACES, "as sent");
    });
  }
}

test("esbuild with a relative source root, under --enable-source-maps, required by a plain file", async () => {
  const file = await built("rooted.js", { sourcemap: "linked", sourceRoot: "..", sourcesContent: false });
  await writeFile(
    `${file}.map`,
    JSON.stringify({ ...(await mapOf(file)), sourceRoot: "..", sources: ["place.ts"] }),
  );
  const plain = join(folder, "plain.js");
  await writeFile(plain, `require(${JSON.stringify(file)});\n`);
  assert.deepEqual(await userPlaces({ frames: (await captured(plain, ["--enable-source-maps"])).frames }), [
    ...PLACES,
    "plain.js:1",
  ]);
});

test("file: URLs and sections", async () => {
  const file = await built("sections.js", { sourcemap: "linked" });
  const map = { ...(await mapOf(file)), sources: [`file://${join(folder, "place.ts")}`] };
  await writeFile(
    `${file}.map`,
    JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] }),
  );
  assert.deepEqual(await userPlaces({ frames: (await captured(file)).frames }), PLACES);
});

test("webpack names are relative to the project; ignored and packaged sources are dependencies", async () => {
  const file = await built("packed.js", { sourcemap: "linked" });
  const { frames } = await captured(file);
  const map = await mapOf(file);
  const withSource = async (source: string, more: object = {}) => {
    await writeFile(`${file}.map`, JSON.stringify({ ...map, sources: [source], ...more }));
    return (await sources({ frames: fresh(frames) }))[0];
  };
  assert.equal((await withSource("webpack://shop/./place.ts"))?.line, 16);
  assert.equal((await withSource("../place.ts", { ignoreList: [0] }))?.origin, "dependency");
  const inside = join(folder, "node_modules", "pack", "place.ts");
  await mkdir(join(inside, ".."), { recursive: true });
  await copyFile(join(folder, "place.ts"), inside);
  assert.deepEqual(await withSource("../node_modules/pack/place.ts"), {
    file: inside,
    line: 16,
    column: 3,
    origin: "dependency",
  });
});

test("bad and missing maps fall back to the place that ran", async () => {
  const file = await built("bad.js", { sourcemap: "linked" });
  const { frames } = await captured(file);
  const [own] = frames as [Frame];
  const generated = { file, line: own.line, column: own.column, origin: "user" };
  for (const bad of [
    "",
    "{",
    "[]",
    '{"version":3}',
    '{"version":3,"sources":["../place.ts"],"mappings":"%%%"}',
    '{"version":3,"sources":["../gone.ts"],"mappings":"AAAA"}',
    null,
  ]) {
    if (bad === null) await rm(`${file}.map`);
    else await writeFile(`${file}.map`, bad);
    const [source] = await sources({ frames: fresh(frames) });
    assert.deepEqual([source?.file, source?.line], [generated.file, generated.line], `map ${bad}`);
  }
});

test("a compiler's helper is nobody's line", async () => {
  const { code, map } = await transform("export class A { @dec x = 1 }\ndeclare const dec: any;", {
    loader: "ts",
    sourcemap: true,
    format: "cjs",
    sourcefile: join(folder, "place.ts"),
  });
  const file = join(folder, "helper.js");
  await writeFile(file, `${code}//# sourceMappingURL=helper.js.map\n`);
  await writeFile(`${file}.map`, map);
  const [helper] = await sources({ frames: [{ ...frame("x:1 __defProp"), url: file, line: 1, column: 5 }] });
  assert.equal(helper?.origin, "unknown");
});

test("origins: Node, dependencies, Darcy's preload, a preload of the user's, eval", async () => {
  const ours = join(folder, "node_modules", "darcy", "dist", "preload.js");
  const theirs = join(folder, "preload.js");
  await mkdir(join(ours, ".."), { recursive: true });
  await writeFile(ours, 'const session = process.env["DARCY_SESSION"];\n');
  await writeFile(theirs, "require('./tracing');\n");
  const library = join(folder, "node_modules", "lib", "index.js");
  const at = (url: string) => ({ ...frame("x:1 f"), url });
  const found = await sources({
    frames: [
      "node:fs",
      library,
      ours,
      theirs,
      "evalmachine.<anonymous>",
      "[eval]",
      "wasm://wasm/1",
      "",
      `file://${theirs}`,
    ].map(at),
  });
  assert.deepEqual(
    found.map(({ origin }) => origin),
    ["runtime", "dependency", "darcy", "user", "unknown", "unknown", "unknown", "unknown", "user"],
  );
  assert.equal(found.at(-1)?.file, theirs);
});

test("a frame with only an offset gets its line from the file", async () => {
  const file = join(folder, "large.js");
  await writeFile(file, "\ufeffone();\r\ntwo();\u2028three();\n");
  const at = (offset: number) => ({ ...frame("x:0 f"), url: file, line: 0, column: 0, offset });
  const found = await sources({ frames: [at(0), at(8), at(15), at(99)] });
  assert.deepEqual(
    found.map(({ line, column, origin }) => `${line}:${column} ${origin}`),
    ["1:1 user", "2:1 user", "3:1 user", "0:0 unknown"],
  );
});

test("a frame is placed once: later snapshots read no file", async () => {
  const file = join(folder, "once.js");
  await writeFile(file, "one();\n");
  const frames = [{ ...frame("x:0 f"), url: file, line: 0, column: 0, offset: 2 }];
  const [first] = await sources({ frames });
  await rm(file);
  assert.deepEqual(await sources({ frames }), [first]);
  assert.deepEqual(first, { file, line: 1, column: 3, origin: "user" });
});

test("sources that a frame has are kept", async () => {
  const source: FrameSource = { file: "/elsewhere/a.ts", line: 3, column: 1, origin: "user" };
  assert.deepEqual(await sources({ frames: [{ ...frame("x:1 f"), source }] }), [source]);
});

async function mapOf(file: string): Promise<object> {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(`${file}.map`, "utf8")) as object;
}
