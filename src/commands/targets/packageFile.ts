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

/** Null when it has no scripts. */
export function parsePackage(
  text: string,
  folderName: string,
  has: (lock: string) => boolean,
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
    manager: managerOf(packageManager, has),
  };
}

function managerOf(declared: unknown, has: (lock: string) => boolean): string {
  const named = typeof declared === "string" ? /^(npm|pnpm|yarn)@/.exec(declared)?.[1] : undefined;
  if (named !== undefined) return named;
  if (has("pnpm-lock.yaml")) return "pnpm";
  return has("yarn.lock") && !has("package-lock.json") ? "yarn" : "npm";
}
