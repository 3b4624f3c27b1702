// Runtime: what package.json files say: whether a file is an ES module, what a package exports, what the program needs.

import fs from "node:fs";
import { dirname, join, resolve } from "node:path";

// Our own, before anyone patches it.
const { readFileSync } = fs;

/** Whether the program's own package says that it needs another. */
export function isDeclared(name: string): boolean {
  const entry = programFile();
  const description = entry === null ? null : nearestDescription(entry);
  const { dependencies, devDependencies } = description ?? {};
  return [dependencies, devDependencies].some((list) => isRecord(list) && Object.hasOwn(list, name));
}

/** What an ES module gets that imports the package by its name. */
export function importTarget(description: { exports?: unknown }): string | null {
  let target = description.exports;
  if (isRecord(target) && "." in target) target = target["."];
  for (let depth = 0; depth < 4 && isRecord(target); depth++)
    target = target.import ?? target.node ?? target.default;
  return typeof target === "string" && target.startsWith("./") ? target.slice(2) : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isEsm(entry: string): boolean {
  if (/\.m[jt]s$/.test(entry)) return true;
  if (/\.c[jt]s$/.test(entry)) return false;
  return nearestDescription(entry)?.type === "module";
}

/** The package.json that rules a file. */
function nearestDescription(path: string): Record<string, unknown> | null {
  for (const folder of foldersOf(path)) {
    const text = textOf(join(folder, "package.json"));
    if (text !== null) return described(text);
  }
  return null;
}

/** Absolute. There need be no such file: after `node -e CODE` it is any word, and a server may make something else of `process.argv`. */
export function programFile(): string | null {
  const entry: unknown = process.argv[1];
  try {
    return typeof entry === "string" ? resolve(entry) : null;
  } catch {
    // The working directory is gone.
    return null;
  }
}

/** From an absolute path's own folder up to the root. */
export function foldersOf(path: string): string[] {
  const folders = [dirname(path)];
  for (;;) {
    const last = folders.at(-1) ?? "";
    const above = dirname(last);
    if (above === last) return folders;
    folders.push(above);
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function described(text: string): Record<string, unknown> | null {
  try {
    const description: unknown = JSON.parse(text);
    return isRecord(description) ? description : null;
  } catch {
    return null;
  }
}
