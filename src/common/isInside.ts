// Leaf: whether a path leads into a folder, by the two's words alone: nothing on disk, or on another machine, is asked.

import { isAbsolute, relative, resolve, sep } from "node:path";

/** @param file of any kind; one that is not absolute is in no folder */
export function isInside(file: string, folder: string): boolean {
  if (!isAbsolute(file)) return false;
  const way = relative(resolve(folder), resolve(file));
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
