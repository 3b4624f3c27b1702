// Runtime: tells probes when a library has been loaded, so that they can patch it. CommonJS files are seen where
// Node loads them, ES modules by `module.registerHooks` (see syncHooks.ts): a line is put behind the source
// of the few watched packages, which hands their exports over. Where that is missing, ES modules of a package
// are imported by us, once, if the program is one; then its exports can be read but not replaced.

import fs from "node:fs";
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isModuleNamespaceObject } from "node:util/types";
import { builtinAsked, watchBuiltins } from "./builtins.ts";
import { handOverLine } from "./moduleExports.ts";
import { foldersOf, importTarget, isEsm, programFile } from "./packageFiles.ts";
import { Patches } from "./patch.ts";
import { endRest } from "./rest.ts";
import { endRestAtLoad, runsCode, searched } from "./restAtLoad.ts";
import { type LoadResult, registerLoadHook } from "./syncHooks.ts";

// Our own, before anyone patches them.
const { existsSync, readFileSync } = fs;

/** What a package file exports, and a way to change it. */
export interface LoadedModule {
  readonly exports: unknown;
  /** Inside the package, with forward slashes: `lib/index.js`. */
  readonly file: string;
  readonly esm: boolean;
  /**
   * Replaces an export for all who import it; "default" of CommonJS is `module.exports`. False: it could not be.
   */
  replace(name: string, value: unknown): boolean;
}
export type ModuleWatcher = (module: LoadedModule) => void;

export interface WatchOptions {
  /** Exports that the watcher may want to replace. */
  readonly replaces?: readonly string[];
  /** The package does nothing when it is loaded, so that we may load it ourselves. */
  readonly pure?: boolean;
}
interface Watch extends Required<WatchOptions> {
  readonly watcher: ModuleWatcher;
}
interface LoadedFile {
  exports: unknown;
  readonly loaded: boolean;
}
interface ModuleInternals {
  readonly _cache: Readonly<Record<string, LoadedFile>>;
  _findPath(request: string, paths: readonly string[]): string | false;
}

const HAND_OVER = Symbol.for("darcy.module");
const FOLDER = "/node_modules/";
const internals = Module as unknown as ModuleInternals;
const watches = new Map<string, Set<Watch>>();
const patches = new Patches();
const compilePatch = new Patches();
let watchesCompile = false;
/** Files that run within one another, the outermost watched. */
let compiling = 0;
let installed = false;
/** We are told of each file that is loaded. */
let hooked = false;

/** The text that this runs from may have no `import` of its own (see `outsideHeap.ts`). */
const importModule =
  (module as { importModule?: (url: string) => Promise<unknown> }).importModule ??
  ((url: string) => import(url) as Promise<unknown>);

/** Before the user's modules load. Does nothing the second time. */
export function installModuleWatch(): void {
  if (installed) return;
  installed = true;
  endRestAtLoad();
  patches.replace(internals, ["_findPath"], (original) => {
    function _findPath(this: unknown): unknown {
      const found: unknown = Reflect.apply(original, this, arguments);
      if (typeof found === "string") {
        searched(found);
        if (watches.size > 0) quietly(() => isWatchedFile(found) && watchCompile());
      }
      return found;
    }
    return _findPath;
  });
  hooked = registerLoadHook((url, context, next) => {
    // For one of Node's own each time it is asked for; patches that wait for it end the rest themselves.
    if (url.startsWith("node:")) builtinAsked(url);
    else if (runsCode(url)) endRest();
    const result = next(url, context);
    return quietly(() => withHandOver(url, result)) ?? result;
  });
  if (!hooked) return;
  Object.defineProperty(globalThis, HAND_OVER, { value: esmLoaded, configurable: true });
  watchBuiltins();
}

/**
 * Until the next file has run: what stands there is in the stack of every error that a file's code makes, so it stands
 * there for watched files alone. Not `load`: there Node 20 and 22 keep the exports for ES modules that import the file
 * before we could replace them.
 */
function watchCompile(): void {
  if (watchesCompile) return;
  watchesCompile = true;
  const prototype = Module.prototype as unknown as { _compile(source: string, file: string): unknown };
  compilePatch.replace(prototype, ["_compile"], (original) => {
    function _compile(this: LoadedFile, _source: string, file: string): unknown {
      compiling++;
      try {
        const result: unknown = Reflect.apply(original, this, arguments);
        quietly(() => commonJsLoaded(this, file));
        return result;
      } finally {
        if (--compiling === 0) {
          watchesCompile = false;
          compilePatch.restore();
        }
      }
    }
    return _compile;
  });
}

/** Whether exports of ES modules can be replaced here. */
export function replacesEsmExports(): boolean {
  return hooked;
}

/** Calls `watcher` for each file of the package that is loaded, those already loaded included. Returns the undoing. */
export function onModule(name: string, watcher: ModuleWatcher, options: WatchOptions = {}): () => void {
  const watch: Watch = { watcher, replaces: options.replaces ?? [], pure: options.pure ?? false };
  const known = watches.get(name) ?? new Set();
  watches.set(name, known.add(watch));
  quietly(() => {
    for (const [file, loaded] of Object.entries(internals._cache))
      if (loaded.loaded) commonJsLoaded(loaded, file);
  });
  if (watch.pure && !replacesEsmExports()) setImmediate(() => quietly(() => importOurselves(name))).unref();
  return () => {
    known.delete(watch);
    if (known.size === 0) watches.delete(name);
  };
}

function commonJsLoaded(loaded: LoadedFile, path: string): void {
  const at = placeOf(path);
  const exported = loaded.exports;
  // `require` of an ES module: told by its hand-over line.
  if (at === null || isModuleNamespaceObject(exported)) return;
  tell(at.name, {
    exports: exported,
    file: at.file,
    esm: false,
    replace: (name, value) => replaceIn(loaded, name, value),
  });
}

function replaceIn(loaded: LoadedFile, name: string, value: unknown): boolean {
  if (name === "default") {
    loaded.exports = value;
    return true;
  }
  const target = loaded.exports;
  if (target === null || (typeof target !== "object" && typeof target !== "function")) return false;
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  if (descriptor === undefined || !("value" in descriptor) || descriptor.writable !== true) return false;
  return Reflect.set(target, name, value);
}

function withHandOver(url: string, result: LoadResult): LoadResult | undefined {
  if (!url.includes(FOLDER) || result.format !== "module") return undefined;
  const at = url.startsWith("file:") ? placeOf(fileURLToPath(url)) : null;
  if (at === null) return undefined;
  const { source } = result;
  const text =
    typeof source === "string"
      ? source
      : source instanceof Uint8Array
        ? Buffer.from(source).toString()
        : null;
  if (text === null) return undefined;
  const replaces = [...(watches.get(at.name) ?? [])].flatMap((watch) => watch.replaces);
  const line = handOverLine(text, url, replaces);
  return line === null ? undefined : { ...result, source: text + line };
}

/** Called by the line that `handOverLine` makes. */
function esmLoaded(url: unknown, bindings: unknown): void {
  quietly(() => {
    if (typeof url !== "string" || typeof bindings !== "object" || bindings === null) return;
    const at = placeOf(fileURLToPath(url));
    if (at === null) return;
    const accessors = bindings as Readonly<
      Record<string, readonly [() => unknown, ((value: unknown) => void)?]>
    >;
    const exported: Record<string, unknown> = {};
    for (const [name, [read]] of Object.entries(accessors)) exported[name] = quietly(read);
    tell(at.name, {
      exports: exported,
      file: at.file,
      esm: true,
      replace: (name, value) => {
        const [read, write] = accessors[name] ?? [];
        if (read === undefined || write === undefined) return false;
        quietly(() => write(value));
        return quietly(read) === value;
      },
    });
  });
}

/** Only what an ES module program itself would import, so that nothing is loaded that it does not have. */
function importOurselves(name: string): void {
  const entry = programFile();
  const found = entry !== null && isEsm(entry) ? esmBuildOf(name) : null;
  if (found === null) return;
  importModule(pathToFileURL(found.path).href).then(
    (exported: unknown) =>
      quietly(() => tell(name, { exports: exported, file: found.file, esm: true, replace: () => false })),
    () => {},
  );
}

/** The ES module that the program gets by the package's name, null when it has none. */
export function esmBuildOf(name: string): { path: string; file: string } | null {
  const root = packageFolder(name);
  if (root === null) return null;
  const file = importTarget(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return file !== null && isEsm(join(root, file)) ? { path: join(root, file), file } : null;
}

/** Where the program finds a package; also one that can only be imported, for which `resolve` throws. */
function packageFolder(name: string): string | null {
  const entry = programFile();
  if (entry === null) return null;
  const main = quietly(() => createRequire(entry).resolve(name));
  const at = main === undefined ? null : placeOf(main);
  if (main !== undefined && at !== null && at.name === name)
    return main.slice(0, main.length - at.file.length);
  const candidates = foldersOf(entry).map((folder) => join(folder, FOLDER, name));
  return candidates.find((candidate) => existsSync(join(candidate, "package.json"))) ?? null;
}

/** Whether a file is of a package that somebody watches. */
export function isWatchedFile(path: string): boolean {
  return placeOf(path) !== null;
}

function tell(name: string, module: LoadedModule): void {
  for (const watch of watches.get(name) ?? []) quietly(() => watch.watcher(module));
}

/** The watched package that a file belongs to. */
function placeOf(path: string): { name: string; file: string } | null {
  const slashed = path.includes("\\") ? path.replaceAll("\\", "/") : path;
  const start = slashed.lastIndexOf(FOLDER);
  if (start < 0) return null;
  const words = slashed.slice(start + FOLDER.length).split("/");
  const name = words.splice(0, words[0]?.startsWith("@") ? 2 : 1).join("/");
  return watches.has(name) ? { name, file: words.join("/") } : null;
}

/** Undefined where it throws: loading goes on as if we were not there. */
function quietly<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
