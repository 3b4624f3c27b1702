// Commands: reads one launch.json configuration, which may hold anything, into what Darcy uses of it. Pure.

export interface NodeConfiguration {
  readonly name: string;
  readonly program: string | null;
  readonly args: readonly string[];
  readonly cwd: string | null;
  readonly environment: Readonly<Record<string, string | null>>;
  readonly runtimeExecutable: string | null;
  readonly runtimeArgs: readonly string[];
  /** A shell's line, of a configuration that opens a terminal (node-terminal); null: of all others. */
  readonly command: string | null;
  readonly envFile: string | null;
  /** A task's name or definition; null: none. */
  readonly preLaunchTask: unknown;
  /** Variables whose value only VS Code's own dialogs and commands know, as ${input:port}. */
  readonly unsupported: readonly string[];
  /** Keys that would change what runs, and that Darcy does not act on. */
  readonly ignored: readonly string[];
}

const NODE_TYPES = new Set(["node", "pwa-node", "node2"]);
const TERMINAL_TYPE = "node-terminal";
const USED = new Set([
  "name",
  "type",
  "request",
  "program",
  "args",
  "cwd",
  "env",
  "runtimeExecutable",
  "runtimeArgs",
  "command",
  "envFile",
  "preLaunchTask",
  "windows",
  "linux",
  "osx",
]);
/** They are about the debugger, and change nothing when there is none. */
const DEBUGGER_ONLY =
  /^(presentation|console|internalConsoleOptions|outputCapture|skipFiles|smartStep|outFiles|sourceMaps?.*|resolveSourceMapLocations|stopOnEntry|trace|timeout|port|address|attachSimplePort|autoAttachChildProcesses|showAsyncStacks|pauseForSourceMap|enableContentValidation|nodeVersionHint|killBehavior|localRoot|remoteRoot|continueOnAttach|restart|debugServer|suppressMultipleSessionWarning|customDescriptionGenerator|customPropertiesGenerator|enableDWARF|experimentalNetworking|cascadeTerminateToConfigurations|profileStartup|__.*)$/;

/** In its place a debugger runs what it was compiled to, found by `outFiles`. */
const TYPESCRIPT = /\.[cm]?ts$/;

/** Null when it does not launch Node. */
export function readConfiguration(value: unknown, platform: NodeJS.Platform): NodeConfiguration | null {
  if (!isRecord(value)) return null;
  const forPlatform = value[platform === "win32" ? "windows" : platform === "darwin" ? "osx" : "linux"];
  const merged: Record<string, unknown> = { ...value, ...(isRecord(forPlatform) ? forPlatform : {}) };
  if ((merged.request ?? "launch") !== "launch") return null;
  const command = merged.type === TERMINAL_TYPE ? text(merged.command) : null;
  if (!NODE_TYPES.has(String(merged.type)) && command === null) return null;
  const program = text(merged.program);
  const runtimeExecutable = text(merged.runtimeExecutable);
  const runtimeArgs = words(merged.runtimeArgs);
  if (command === null && program === null && runtimeExecutable === null && runtimeArgs.length === 0)
    return null;
  return {
    name: text(merged.name) ?? "Launch",
    program,
    args: words(merged.args),
    cwd: text(merged.cwd),
    environment: isRecord(merged.env) ? environmentOf(merged.env) : {},
    runtimeExecutable,
    runtimeArgs,
    command,
    envFile: text(merged.envFile),
    preLaunchTask: merged.preLaunchTask ?? null,
    unsupported: unsupportedIn(merged),
    ignored: Object.keys(merged).filter(
      (key) =>
        !USED.has(key) &&
        (!DEBUGGER_ONLY.test(key) || (key === "outFiles" && TYPESCRIPT.test(program ?? ""))),
    ),
  };
}

/** Of the values that are used. */
function unsupportedIn(merged: Record<string, unknown>): string[] {
  const { name: _name, preLaunchTask: _task, ...values } = merged;
  const used = Object.entries(values).flatMap(([key, value]) => (USED.has(key) ? [value] : []));
  return [...new Set(JSON.stringify(used).match(/\$\{(?:input|command):[^}"]*\}/g) ?? [])];
}

function environmentOf(record: Record<string, unknown>): Record<string, string | null> {
  const usable = Object.entries(record).filter(
    ([, value]) => value === null || ["string", "number", "boolean"].includes(typeof value),
  );
  return Object.fromEntries(usable.map(([name, value]) => [name, value === null ? null : String(value)]));
}

/** A list of words, or one string that a shell would split. */
function words(value: unknown): string[] {
  if (typeof value === "string") return shellWords(value);
  return Array.isArray(value)
    ? value.filter((word) => typeof word === "string" || typeof word === "number").map(String)
    : [];
}

export function shellWords(line: string): string[] {
  const found = line.matchAll(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+/g);
  return [...found].map(([word]) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => single ?? (double ?? "").replace(/\\(["\\])/g, "$1"),
    ),
  );
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
