// Commands: what of a package.json, which may hold anything, is of use: its scripts and who runs them. Pure.

/** Names that usually start a server come first. */
const LIKELY = /^(start|serve|server|dev)\b/;
/** npm runs these by itself around others. */
const HOOK = /^(pre|post)(?=[a-z])|^prepare$/;

/** They compile, bundle or test; none is a server that Darcy measures. */
const NO_SERVER =
  /^\s*(?:npx\s+)?(?:vite|webpack|tsc|rollup|parcel|esbuild|ng|react-scripts|expo|electron|storybook|jest|vitest)\b/;

/** Whether a script, by its name and its line, is one that starts a server. */
export function startsServer(name: string, line: string): boolean {
  return LIKELY.test(name) && !NO_SERVER.test(line);
}

export interface PackageFile {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly manager: string;
}

export function orderedScripts(scripts: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(scripts).filter(
    (name) =>
      !(HOOK.test(name) && Object.hasOwn(scripts, name.replace(/^(pre|post)/, ""))) && name !== "prepare",
  );
  return [...names.filter((name) => LIKELY.test(name)), ...names.filter((name) => !LIKELY.test(name))];
}

/** What tells of the package manager in a folder: the package's own, or one around it. */
export interface ManagerPlace {
  /** `packageManager` of its package.json, which may be anything. */
  readonly declared: unknown;
  has(lock: string): boolean;
}

/** Null when it has no scripts. @param around the folders that it lies in, the nearest first */
export function parsePackage(
  text: string,
  folderName: string,
  has: ManagerPlace["has"],
  around: Iterable<ManagerPlace> = [],
): PackageFile | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return null;
  const { name, scripts, packageManager } = value as Record<string, unknown>;
  if (typeof scripts !== "object" || scripts === null) return null;
  const usable = Object.entries(scripts).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  if (usable.length === 0) return null;
  return {
    name: typeof name === "string" && name !== "" ? name : folderName,
    scripts: Object.fromEntries(usable),
    manager: managerOf({ declared: packageManager, has }) ?? managerAround(around) ?? "npm",
  };
}

/** Of the paths of package.json files, the outermost: in a monorepo the first to be found may be any. */
export function outermost<T extends { readonly path: string }>(files: readonly T[], most: number): T[] {
  const depth = ({ path }: T) => path.split("/").length;
  return [...files].sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1)).slice(0, most);
}

/** In a monorepo the lock file and the declaration stand at its root. */
function managerAround(places: Iterable<ManagerPlace>): string | null {
  for (const place of places) {
    const manager = managerOf(place);
    if (manager !== null) return manager;
  }
  return null;
}

/** Null: nothing tells. */
function managerOf({ declared, has }: ManagerPlace): string | null {
  const named = typeof declared === "string" ? /^(npm|pnpm|yarn)@/.exec(declared)?.[1] : undefined;
  if (named !== undefined) return named;
  if (has("pnpm-lock.yaml")) return "pnpm";
  if (has("package-lock.json")) return "npm";
  return has("yarn.lock") ? "yarn" : null;
}
