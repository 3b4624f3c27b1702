// Collector, diagnosis: what a process runs, by its words and its program's name. Pure.

import { basename } from "node:path";

export type Program =
  | "node"
  /** JavaScript runtimes that know no NODE_OPTIONS of Node's. */
  | "bun"
  | "deno"
  | "electron"
  | "shell"
  /** What it starts runs elsewhere: in a container, on another machine, under a service manager. */
  | "elsewhere"
  /** It starts what follows with another user's environment. */
  | "privilege"
  | "other";

export type ToolKind = "package manager" | "watcher" | "compiler" | "process manager" | "tool";

const BY_NAME: Readonly<Record<string, Program>> = {
  node: "node",
  nodejs: "node",
  bun: "bun",
  bunx: "bun",
  deno: "deno",
  electron: "electron",
  sh: "shell",
  dash: "shell",
  bash: "shell",
  zsh: "shell",
  fish: "shell",
  busybox: "shell",
  docker: "elsewhere",
  "docker-compose": "elsewhere",
  podman: "elsewhere",
  nerdctl: "elsewhere",
  kubectl: "elsewhere",
  ssh: "elsewhere",
  vagrant: "elsewhere",
  systemctl: "elsewhere",
  "systemd-run": "elsewhere",
  sudo: "privilege",
  doas: "privilege",
  su: "privilege",
  runuser: "privilege",
  gosu: "privilege",
};

/** Names of Node tools, by what they are; the others that are left alone are tools. */
const TOOL_KINDS: readonly (readonly [RegExp, ToolKind])[] = [
  [/^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:-[\d.]+)?$/, "package manager"],
  [/^(?:nodemon|ts-node-dev|tsnd|tsc-watch)$/, "watcher"],
  [/^(?:tsc|swc|esbuild|webpack|rollup|tsup|vite)$/, "compiler"],
  [/^pm2$/, "process manager"],
];

/** By the file that runs, else by the first word, which a program may set as it likes. */
export function programOf(words: readonly string[], executable: string | null): Program {
  return programNamed(executable) ?? programNamed(words[0] ?? "") ?? "other";
}

function programNamed(path: string | null): Program | null {
  if (path === null) return null;
  const name = basename(path.replace(/ \(deleted\)$/, "")).replace(/\.exe$/i, "");
  return BY_NAME[name] ?? BY_NAME[name.replace(/[-.]?\d[\d.]*$/, "")] ?? null;
}

/** @param words those after `node`: its options, the script, its arguments */
export function toolKind(words: readonly string[]): ToolKind {
  if (words.some((word) => word === "--watch" || word.startsWith("--watch-path"))) return "watcher";
  const entry = words.find((word) => !word.startsWith("-")) ?? "";
  // tsx is a runner, and with `watch` a watcher, whose child is the server.
  if (/[\\/]tsx(?:[\\/]|$)/.test(entry)) return words.includes("watch") ? "watcher" : "tool";
  const names = [
    basename(entry).replace(/\.[cm]?js$/, ""),
    /node_modules[\\/](?:\.bin[\\/])?([^\\/]+)/.exec(entry)?.[1] ?? "",
  ];
  if (names[0] === "nest")
    return words.some((word) => /^(?:--watch|-w)$/.test(word)) ? "watcher" : "compiler";
  for (const [pattern, kind] of TOOL_KINDS) if (names.some((name) => pattern.test(name))) return kind;
  return "tool";
}

/** Without the interpreter's path and in a bounded length, as a person would write it. */
export function commandLine(words: readonly string[], most = 120): string {
  const [first = "", ...rest] = words;
  // What a shell is given to run is the user's own line.
  const shown = rest.map((word, at) => (rest[at - 1] === "-c" ? word : shortWord(word)));
  const line = [basename(first), ...shown].join(" ").replace(/\s+/g, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A tool's own path says where it is installed, not what it does. */
function shortWord(word: string): string {
  const tool = /[\\/]node_modules[\\/](?:\.bin[\\/])?(.+)$/.exec(word)?.[1];
  return tool === undefined ? word : tool.replace(/^.*node_modules[\\/](?:\.bin[\\/])?/, "");
}
