// Model: where a script's code comes from, told by its URL alone. Pure, so that unresolved frames have an origin too.

import type { Frame, FrameSource, Origin } from "./profile.ts";

/** A script's URL as a path: `file:` URLs decoded, Windows drives without the leading slash. */
export function pathOfUrl(url: string): string {
  // Loaders tell two loads of one file apart by a query.
  if (!url.startsWith("file:")) return url.replace(/(\.[cm]?[jt]sx?)\?.*$/, "$1");
  try {
    const { host, pathname } = new URL(url);
    const path = decodeURIComponent(pathname);
    if (/^\/[A-Za-z]:/.test(path)) return path.slice(1).replaceAll("/", "\\");
    return host === "" ? path : `\\\\${host}${path.replaceAll("/", "\\")}`;
  } catch {
    return url;
  }
}

/** Not `darcy`: that takes a look at the file (see sources/). */
export function originOfUrl(url: string): Exclude<Origin, "darcy"> {
  if (url.startsWith("node:")) return "runtime";
  if (url === "" || url.startsWith("evalmachine.") || url.includes("<anonymous>")) return "unknown";
  const path = pathOfUrl(url);
  if (/[\\/]node_modules[\\/]/.test(path)) return "dependency";
  return isAbsolute(path) ? "user" : "unknown";
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || /^[A-Za-z]:[\\/]/.test(path);
}

/** The frame's authored place, or what is known without its source map. */
export function sourceOf(frame: Frame): FrameSource {
  if (frame.source !== null) return frame.source;
  return {
    file: pathOfUrl(frame.url),
    line: frame.line,
    column: frame.column,
    origin: originOfUrl(frame.url),
  };
}

/** `async-mutex` or `@scope/name` of a file in `node_modules`; "" elsewhere. */
export function packageOf(file: string): string {
  const parts = file.split(/[\\/]/);
  const at = parts.lastIndexOf("node_modules");
  const name = at < 0 ? undefined : parts[at + 1];
  if (name === undefined) return "";
  return name.startsWith("@") ? `${name}/${parts[at + 2] ?? ""}` : name;
}
