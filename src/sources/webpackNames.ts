// Sources: how webpack names files in its maps: `webpack://NAME/./src/place.ts?hash`, relative to the folder that it ran in. NAME
// is the package's, which may have a slash itself. See https://webpack.js.org/configuration/output/#outputdevtoolmodulefilenametemplate

import { dirname } from "node:path";

const HIDDEN = "webpack-name://";
const MOST_FOLDERS = 16;

/** Resolving maps' names as URLs would fold `NAME/../lib` away: they pass in one piece. Changes the map's `sources`. */
export function hideWebpackNames(map: unknown): void {
  if (typeof map !== "object" || map === null) return;
  const { sources, sections, sourceRoot } = map as Record<string, unknown>;
  if (Array.isArray(sections))
    for (const section of sections) hideWebpackNames((section as { map?: unknown } | null)?.map);
  if (!Array.isArray(sources)) return;
  sources.forEach((source: unknown, index) => {
    if (typeof source !== "string") return;
    const rooted =
      typeof sourceRoot === "string" && /^webpack:/.test(sourceRoot) && !/^[a-z][a-z\d+.-]+:/i.test(source)
        ? `${sourceRoot.replace(/\/?$/, "/")}${source}`
        : source;
    if (/^webpack(?:-internal)?:/.test(rooted)) sources[index] = HIDDEN + encodeURIComponent(rooted);
  });
}

/** `./src/place.ts` of a name that was hidden; null for other names. */
export function webpackResource(source: string): string | null {
  if (!source.startsWith(HIDDEN)) return null;
  const name = decodeURIComponent(source.slice(HIDDEN.length).replace(/\/$/, ""));
  const rest = name.replace(/^webpack(?:-internal)?:\/\//, "").replace(/\?[^/]*$/, "");
  // Loaders that it went through stand before it.
  const path = rest.slice(rest.lastIndexOf("!") + 1);
  if (path.startsWith("/")) return path.slice(1);
  const marked = /\/(\.{1,2}\/.*|\/.*|[A-Za-z]:[\\/].*)$/.exec(`/${path}`)?.[1];
  return marked ?? path.replace(/^(?:@[^/]*\/)?[^/]*\//, "");
}

/** Its run time, and what it left outside of the bundle: nobody wrote that. */
export function isWebpackOwn(resource: string): boolean {
  return /^(?:webpack\/|external )/.test(resource);
}

/** From the map's folder upwards, `root` left out. */
export function foldersAbove(folder: string, root: string): string[] {
  const folders: string[] = [];
  for (let at = folder; folders.length < MOST_FOLDERS; at = dirname(at)) {
    if (at !== root) folders.push(at);
    if (dirname(at) === at) break;
  }
  return folders;
}
