// Runtime: calls that do not return until their work is done: the event loop stands still meanwhile, for this request and
// all others. Each call is timed; whether it computed or waited is not known, so it is in no total.

import type ChildProcesses from "node:child_process";
import type Fs from "node:fs";
import { isBuiltin } from "node:module";
import { builtin, seesAsking } from "../../builtins.ts";
import type { Operation } from "../../sampling/operations.ts";
import { type Gate, TimedCalls } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";

type Functions = Record<string, unknown>;

const CRYPTO = /^(?:argon2|checkPrime|generate\w+|hkdf|pbkdf2|randomFill|scrypt)Sync$/;
const SYNCHRONOUS = /Sync$/;
const DATABASE = ["exec"];
const STATEMENT = ["all", "get", "run"];

/** What such a call calls itself is its own time. */
const gate: Gate = { depth: 0 };

export class BlockingCallsProbe implements Probe {
  readonly name = "locks.blocking-calls";
  private calls: TimedCalls | null = null;
  private readonly cancels: (() => void)[] = [];

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const { meter, faults } = context;
    const calls = new TimedCalls(this.name, meter, faults, gate);
    this.calls = calls;
    const patch = (target: Functions, prefix: string, names: readonly string[]) => {
      for (const name of names) {
        // Most are never called: an operation is made at the first call.
        let operation: Operation | null = null;
        calls.measure(target, name, () => {
          operation ??= meter.operation("blocked", `${prefix}.${name}`, "blocking");
          return operation;
        });
      }
    };
    const later = (module: string, then: (exports: Functions) => void) =>
      this.cancels.push(whenAsked(this.name, context, [module], () => then(builtin<Functions>(module))));
    const fs = builtin<typeof Fs>("fs");
    patch(fs.realpathSync as unknown as Functions, "fs.realpathSync", ["native"]);
    patch(fs as unknown as Functions, "fs", namesOf(fs, SYNCHRONOUS));
    later("crypto", (crypto) => patch(crypto, "crypto", namesOf(crypto, CRYPTO)));
    later("zlib", (zlib) => patch(zlib, "zlib", namesOf(zlib, SYNCHRONOUS)));
    later("child_process", (processes) => patch(processes, "child_process", SYNCHRONOUS_PROCESSES));
    // Not in Node 20; loading it ourselves would print that it is experimental.
    if (isBuiltin("node:sqlite") && seesAsking())
      later("sqlite", ({ DatabaseSync, StatementSync }) => {
        patch(prototypeOf(DatabaseSync), "DatabaseSync", DATABASE);
        patch(prototypeOf(StatementSync), "StatementSync", STATEMENT);
      });
  }

  stop(): void {
    for (const cancel of this.cancels) cancel();
    this.calls?.stop();
  }
}

const SYNCHRONOUS_PROCESSES: readonly (keyof typeof ChildProcesses)[] = [
  "execFileSync",
  "execSync",
  "spawnSync",
];

function namesOf(target: object, wanted: RegExp): string[] {
  return Object.keys(target).filter((name) => wanted.test(name));
}

function prototypeOf(made: unknown): Functions {
  return (made as { prototype: Functions }).prototype;
}
