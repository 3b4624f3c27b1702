// Runtime: file system calls that run in libuv's thread pool. Each name stands with the jobs that Node makes of it
// (lib/fs.js, lib/internal/fs/promises.js). Files over 512 KiB are read in further jobs, which are not counted.

import fs from "node:fs";
import { CallMeter } from "../measuredCall.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { handoffsGate, jobs } from "./handoff.ts";

const ONE_JOB = [
  "access",
  "chmod",
  "chown",
  "copyFile",
  "lchown",
  "link",
  "lstat",
  "lutimes",
  "mkdir",
  "mkdtemp",
  "opendir",
  "readdir",
  "readlink",
  "rename",
  "rmdir",
  "stat",
  "statfs",
  "symlink",
  "unlink",
  "utimes",
] as const;
const ONE_JOB_ON_DESCRIPTORS = [
  "close",
  "exists",
  "fchmod",
  "fchown",
  "fdatasync",
  "fstat",
  "fsync",
  "ftruncate",
  "futimes",
  "open",
  "read",
  "readv",
  "write",
  "writev",
] as const;
/** Open, fstat, read, close; open, write, close. */
const SEVERAL: Readonly<Record<string, number>> = { readFile: 4, writeFile: 3, appendFile: 3 };
/** `open` pays for the `close` that every handle ends with: Node closes handles from within its own calls, too. */
const SEVERAL_PROMISED: Readonly<Record<string, number>> = { ...SEVERAL, open: 2, realpath: 1, truncate: 3 };
const ON_HANDLES: Readonly<Record<string, number>> = {
  appendFile: 1,
  chmod: 1,
  chown: 1,
  datasync: 1,
  read: 1,
  readFile: 2,
  readv: 1,
  stat: 1,
  sync: 1,
  truncate: 1,
  utimes: 1,
  write: 1,
  writeFile: 1,
  writev: 1,
};

type Functions = Record<string, unknown>;

export class FsHandoffsProbe implements Probe {
  readonly name = "switches.fs";
  private calls: CallMeter | null = null;
  private handlesPatched = false;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const calls = new CallMeter(this.name, context.meter, context.faults, handoffsGate);
    this.calls = calls;
    const patch = (
      target: object,
      prefix: string,
      names: readonly string[],
      count: (name: string) => number,
    ) => {
      for (const name of names) {
        if (typeof (target as Functions)[name] !== "function") continue;
        const operation = context.meter.operation("round trip", `${prefix}.${name}`);
        calls.measure(target as Functions, [name], { operation, amount: jobs(count(name)), nests: true });
      }
    };
    patch(fs, "fs", [...ONE_JOB, ...ONE_JOB_ON_DESCRIPTORS], () => 1);
    patch(fs, "fs", Object.keys(SEVERAL), (name) => SEVERAL[name] ?? 1);
    patch(fs.realpath, "fs.realpath", ["native"], () => 1);
    patch(fs.promises, "fs.promises", ONE_JOB, () => 1);
    patch(fs.promises, "fs.promises", Object.keys(SEVERAL_PROMISED), (name) => SEVERAL_PROMISED[name] ?? 1);
    this.watchForHandles(context, (prototype) =>
      patch(prototype, "FileHandle", Object.keys(ON_HANDLES), (name) => ON_HANDLES[name] ?? 1),
    );
  }

  stop(): void {
    this.calls?.stop();
  }

  /** Node exports no FileHandle: at the user's first `open` we open one file of our own and ask it. */
  private watchForHandles({ meter, faults }: ProbeContext, patch: (prototype: object) => void): void {
    const { open } = fs.promises;
    const first = () => {
      if (this.handlesPatched || meter.quiet > 0) return;
      this.handlesPatched = true;
      meter.quiet++;
      open(process.execPath, "r")
        .then(async (handle) => {
          patch(Object.getPrototypeOf(handle) as object);
          await handle.close();
        })
        .catch((error: unknown) => faults.add(this.name, error));
      meter.quiet--;
    };
    // The measure of an operation that is never recorded: it only notices the call.
    this.calls?.measure(fs.promises, ["open"], {
      operation: meter.operation("round trip", "fs.promises.open"),
      amount: () => {
        first();
        return 0;
      },
    });
  }
}
