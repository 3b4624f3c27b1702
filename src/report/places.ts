// Report: lines of code as a reader of the terminal knows them: relative, or from the package on.

import { isAbsolute, relative, sep } from "node:path";
import type { Location } from "../protocol/report.ts";
import { printable } from "./columns.ts";

/** `src/place.ts:19`, `async-mutex/lib/Mutex.js:24`; "" where there is no line. */
export function placeOf({ file, line }: Pick<Location, "file" | "line">, cwd: string): string {
  if (file === "") return "";
  const packages = file.split(/[\\/]node_modules[\\/]/);
  const path = packages.length > 1 ? (packages.at(-1) as string) : shorten(file, cwd);
  return printable(line > 0 ? `${path}:${line}` : path);
}

function shorten(file: string, cwd: string): string {
  if (cwd === "" || !isAbsolute(file)) return file;
  const path = relative(cwd, file);
  const up = path.split(sep).filter((part) => part === "..").length;
  return up > 2 || isAbsolute(path) ? file : path;
}
