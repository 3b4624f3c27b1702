// Unit tests: what tsc and webpack, as Nest drives it, write beside or into their output leads to the authored lines.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import webpack from "webpack";
import type { Profile } from "../../src/model/profile.ts";
import { resolveSources } from "../../src/sources/resolve.ts";
import { hideWebpackNames, webpackResource } from "../../src/sources/webpackNames.ts";
import { KnownProfile } from "./knownProfile.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const fixtures = join(root, "test", "fixtures", "sources");
let folder = "";

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "darcy-compilers-")));
});
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
/** A project of its own, named as scoped packages are: `src/main.ts` runs `lib/place.ts`, which lies beside `src`. */
async function project(name = "@acme/shop"): Promise<string> {
  const place = join(folder, `shop ${count++}`);
  await mkdir(join(place, "src"), { recursive: true });
  await mkdir(join(place, "lib"));
  await writeFile(join(place, "package.json"), JSON.stringify({ name, private: true }));
  await copyFile(join(fixtures, "place.ts"), join(place, "lib", "place.ts"));
  await writeFile(join(place, "src", "main.ts"), '\n\nimport "../lib/place";\n');
  return place;
}

/** The user's places, innermost first, of a run in `cwd`. */
async function places(script: string, cwd: string, flags: readonly string[] = []): Promise<string[]> {
  const capture = join(fixtures, "capture.cjs");
  const { stdout } = await run(process.execPath, ["--require", capture, ...flags, script], { cwd });
  const part = JSON.parse(stdout) as Pick<Profile, "frames" | "sourceMaps">;
  const frames = part.frames.filter(({ url }) => url !== capture);
  const resolved = await resolveSources({ ...new KnownProfile().profile({ cwd }), ...part, frames });
  return resolved.frames.flatMap(({ source }) =>
    source?.origin === "user" ? [`${relative(cwd, source.file)}:${source.line}`.replaceAll("\\", "/")] : [],
  );
}

const PLACES = ["lib/place.ts:16", "lib/place.ts:21", "lib/place.ts:21", "lib/place.ts:24", "src/main.ts:3"];

const TSC: Readonly<Record<string, readonly string[]>> = {
  "a map beside each file": ["--sourceMap"],
  "a map in each file": ["--inlineSourceMap"],
  "a map in each file, with the sources": ["--inlineSourceMap", "--inlineSources"],
  "a source root that is a path": ["--sourceMap", "--sourceRoot", "PROJECT"],
  "a source root that is a URL": ["--inlineSourceMap", "--sourceRoot", "file://PROJECT"],
  "a relative source root": ["--sourceMap", "--sourceRoot", "../.."],
  "maps in a folder of their own": ["--sourceMap", "--mapRoot", "PROJECT/dist"],
};
for (const [name, flags] of Object.entries(TSC)) {
  test(`tsc: ${name}`, async () => {
    const place = await project();
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const words = flags.map((flag) =>
      flag.startsWith("file:") ? `file://${encodeURI(place)}` : flag.replace("PROJECT", place),
    );
    // A relative source root is of each map: all of them have to stand equally deep.
    const options = ["--module", "commonjs", "--target", "es2022", "--ignoreConfig", "--rootDir", "."];
    await run(process.execPath, [tsc, ...options, "--outDir", "dist", ...words, "src/main.ts"], {
      cwd: place,
    });
    assert.deepEqual(await places("dist/src/main.js", place), PLACES);
    assert.deepEqual(await places("dist/src/main.js", place, ["--enable-source-maps"]), PLACES);
  });
}

/** As `nest build --webpack` does: one file, nothing minified, ts-loader without types. */
async function pack(context: string, change: webpack.Configuration = {}): Promise<string> {
  const compiler = webpack({
    context,
    entry: join(context, "src", "main.ts"),
    target: "node",
    mode: "none",
    devtool: "inline-source-map",
    optimization: { nodeEnv: false },
    resolve: { extensions: [".tsx", ".ts", ".js"] },
    resolveLoader: { modules: [join(root, "node_modules")] },
    module: {
      rules: [
        {
          test: /.tsx?$/,
          loader: "ts-loader",
          options: {
            // Its own programming interface went with TypeScript 7.
            compiler: join(root, "node_modules", "typescript6"),
            transpileOnly: true,
            configFile: join(context, "tsconfig.json"),
          },
        },
      ],
    },
    ...change,
    output: { path: join(context, "dist"), filename: "main.js", ...change.output },
  });
  await writeFile(
    join(context, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { module: "commonjs", target: "es2022", sourceMap: true } }),
  );
  const stats = await new Promise<webpack.Stats | undefined>((done, fail) =>
    compiler.run((error, result) => (error ? fail(error) : done(result))),
  );
  await promisify(compiler.close.bind(compiler))();
  assert.equal(stats?.hasErrors(), false, stats?.toString({ all: false, errors: true }));
  return join(
    context,
    "dist",
    change.output?.filename === undefined ? "main.js" : String(change.output.filename),
  );
}

const WEBPACK: Readonly<Record<string, webpack.Configuration>> = {
  "the map in the file": {},
  "the map beside it": { devtool: "source-map" },
  "in a deeper folder": { output: { filename: "apps/shop/main.js" } },
  "without the sources": { devtool: "nosources-source-map" },
  "lines only": { devtool: "cheap-module-source-map" },
  "absolute names": { output: { devtoolModuleFilenameTemplate: "[absolute-resource-path]" } },
  "absolute names in a namespace": {
    output: { devtoolModuleFilenameTemplate: "webpack://[namespace]/[absolute-resource-path]?[hash]" },
  },
  "names of webpack 4": { output: { devtoolModuleFilenameTemplate: "webpack:///[resource-path]?[loaders]" } },
  minified: { mode: "production", devtool: "source-map" },
};
for (const [name, change] of Object.entries(WEBPACK)) {
  test(`webpack as Nest has it: ${name}`, async () => {
    const place = await project();
    const file = relative(place, await pack(place, change));
    const found = await places(file, place);
    // A minifier folds functions that are called once into their callers.
    if (name === "minified")
      assert.ok(found.length > 0 && found.every((one) => PLACES.includes(one)), `${found}`);
    else assert.deepEqual(found, PLACES);
    if (name === "the map in the file")
      assert.deepEqual(await places(file, place, ["--enable-source-maps"]), PLACES);
  });
}

test("webpack: started in another folder than it was packed in, beside files of the same names", async () => {
  const place = await project("shop");
  const file = await pack(place);
  // The folder that it starts in has such files, too, with other text.
  for (const name of ["lib", "src"]) await mkdir(join(folder, name), { recursive: true });
  for (const name of ["lib/place.ts", "src/main.ts"]) await writeFile(join(folder, name), "// another\n");
  const inside = relative(folder, place).replaceAll("\\", "/");
  assert.deepEqual(
    await places(relative(folder, file), folder),
    PLACES.map((one) => `${inside}/${one}`),
  );
});

test("webpack's names, with and without a scope, and what is its own", () => {
  const of = (name: string) => {
    const map = { sources: [name] };
    hideWebpackNames(map);
    return webpackResource(map.sources[0] ?? "");
  };
  assert.equal(of("webpack://@acme/shop/./src/a.ts"), "./src/a.ts");
  assert.equal(of("webpack://shop/../lib/a.ts?1f3c"), "../lib/a.ts");
  assert.equal(of("webpack:///./src/a.ts"), "./src/a.ts");
  assert.equal(of("webpack:///src/a.ts"), "src/a.ts");
  assert.equal(of("webpack://shop/src/a.ts"), "src/a.ts");
  assert.equal(of("webpack://@acme/shop/src/a.ts"), "src/a.ts");
  assert.equal(of("webpack://shop//app/src/a.ts"), "/app/src/a.ts");
  assert.equal(of("webpack://shop/./ts-loader.js!./src/a.ts"), "./src/a.ts");
  assert.equal(of("webpack://shop/webpack/bootstrap"), "webpack/bootstrap");
  assert.equal(of('webpack://@acme/shop/external node-commonjs "http"'), 'external node-commonjs "http"');
  assert.equal(of("../src/a.ts"), null);
  const rooted = { sourceRoot: "webpack://shop/", sources: ["./src/a.ts"], sections: [{ map: null }] };
  hideWebpackNames(rooted);
  assert.equal(webpackResource(rooted.sources[0] ?? ""), "./src/a.ts");
  assert.equal(dirname(of("webpack://shop/./src/a.ts") ?? ""), "./src");
});
