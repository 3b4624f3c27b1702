// Tests: what is run with and without the preload: a program, its arguments and Node's options.

import { join } from "node:path";
import type { Program } from "./sides.ts";

export interface Case extends Program {
  readonly name: string;
  /** Also in `npm test`. */
  readonly quick: boolean;
  /** Of the first Node that has the option. */
  readonly since?: number;
}

const program = (file: string) => join(import.meta.dirname, "programs", file);
const one = (name: string, file: string, quick = false): Case => ({ name, args: [program(file)], quick });
const hooked = (name: string, options: readonly string[]): Case => ({
  name: `hooks for modules: ${name}`,
  args: ["--no-warnings", ...options, program("hooked.mjs")],
  quick: true,
});
const flagged = (name: string, options: readonly string[], more: Partial<Case> = {}): Case => ({
  name: `options ${name}`,
  args: [...options, program("flags.cjs")],
  quick: false,
  ...more,
});

/** The programs, and a bit of everything under each of Node's options. */
export const CASES: readonly Case[] = [
  one("shapes", "shape.cjs", true),
  one("order", "order.cjs", true),
  one("errors", "errors.cjs", true),
  one("stacks", "stacks.cjs", true),
  one("frames", "frames.cjs", true),
  one("classes", "classes.cjs", true),
  one("frozen", "frozen.cjs"),
  one("proxies", "proxies.cjs", true),
  one("async context", "asyncContext.cjs"),
  one("process", "process.cjs"),
  one("inspector", "inspector.cjs"),
  one("http", "http.cjs", true),
  one("threads", "threads.cjs"),
  one("modules", "modules.mjs"),
  hooked("none", []),
  hooked("by --loader", ["--experimental-loader", program("hooks.mjs")]),
  hooked("by module.register", ["--import", program("registering.mjs")]),
  one("coverage", "coverage.cjs"),
  { name: "debugger", args: ["--experimental-websocket", program("debugger.cjs")], quick: false },
  flagged("none", []),
  flagged("frozen intrinsics", ["--frozen-intrinsics"], { quick: true }),
  flagged("permission", ["--permission", "--allow-fs-read=*"], { since: 24 }),
  flagged(
    "permission with all",
    ["--permission", "--allow-fs-read=*", "--allow-fs-write=*", "--allow-child-process", "--allow-worker"],
    { since: 24 },
  ),
  flagged("no __proto__", ["--disable-proto=throw"]),
  flagged("no code from strings", ["--disallow-code-generation-from-strings"]),
  flagged("pending deprecation", ["--pending-deprecation"]),
  flagged("throw deprecation", ["--throw-deprecation"]),
  flagged("trace warnings", ["--trace-warnings"]),
  flagged("no warnings", ["--no-warnings"]),
  flagged("source maps", ["--enable-source-maps"]),
  flagged("stack of three", ["--stack-trace-limit=3"]),
  flagged("inspector", ["--inspect=127.0.0.1:0"]),
  flagged("processor profile", ["--cpu-prof", "--cpu-prof-dir=SCRATCH"]),
  flagged("rejections warn", ["--unhandled-rejections=warn"], { environment: { REJECTS: "1" } }),
  flagged("rejections are nothing", ["--unhandled-rejections=none"], { environment: { REJECTS: "1" } }),
  flagged("rejections are strict", ["--unhandled-rejections=strict"], { environment: { REJECTS: "1" } }),
  flagged("rejections throw", [], { environment: { REJECTS: "1" } }),
  flagged("own options", [], { environment: { NODE_OPTIONS: "--trace-uncaught --stack-trace-limit=4" } }),
  flagged("own --require", ["--require", program("say.cjs")]),
  flagged("own --import", ["--import", program("say.cjs")]),
  {
    name: "evaluated text",
    args: ["-e", 'console.log("said: " + JSON.parse("[1]"), require.main, __filename)'],
    quick: false,
  },
  {
    name: "evaluated module",
    args: [
      "--input-type=module",
      "-e",
      'import fs from "node:fs"; console.log("said:", typeof fs.readFileSync)',
    ],
    quick: false,
  },
  {
    name: "program from stdin",
    args: ["-"],
    stdin: 'console.log("said:", JSON.stringify(process.argv.slice(1)))',
    quick: false,
  },
];

/** One program that ends in many ways; it lists them itself. */
export const ENDINGS = program("endings.cjs");
