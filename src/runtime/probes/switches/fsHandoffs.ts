// Runtime: file system calls that run in libuv's thread pool. Each name stands with the jobs that Node makes of it
// (lib/fs.js, lib/internal/fs/promises.js): test/runtime holds them against async_hooks. Files over 512 KiB are
// read in further jobs, which are not counted.

import { Buffer } from "node:buffer";
import type Fs from "node:fs";
import { builtin } from "../../builtins.ts";
import { CallProbe } from "../callProbe.ts";
import { noticeOpen, onFileHandles, whenPromisesAsked } from "../fileHandles.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { HANDOFFS_PER_JOB, handoffsGate, jobs } from "./handoff.ts";
import { WholeWrites } from "./wholeWrites.ts";

const fs = builtin<typeof Fs>("fs");

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
/** From some 26 on, Node opens, reads or writes, and closes within one job; the source tells (lib/fs.js). */
const inOneJob = (call: unknown) => /\b(?:Read|Write)FileJob\b/.test(Function.prototype.toString.call(call));
// Asked before a probe puts its own function there.
const READ_IN_ONE_JOB = inOneJob(fs.readFile);
const WRITE_IN_ONE_JOB = inOneJob(fs.writeFile);
/** Promised writes are cut into pieces of this many bytes, a job each. */
const WRITE_PIECE_BYTES = 512 * 1024;

/** Jobs of the calls that make several: open, fstat, read, close; open, write, close. */
function jobsOfWholeFiles(): { callbacks: Record<string, AmountOf>; promises: Record<string, AmountOf> } {
  const read = READ_IN_ONE_JOB ? 1 : 4;
  const oneJobWrites = WRITE_IN_ONE_JOB;
  const promised: AmountOf = (_self, args) => {
    const pieces = Math.ceil(dataBytes(args[1]) / WRITE_PIECE_BYTES);
    if (oneJobWrites && pieces <= 1) return HANDOFFS_PER_JOB;
    return (2 + Math.max(1, pieces)) * HANDOFFS_PER_JOB;
  };
  return {
    callbacks: {
      readFile: jobs(read),
      ...(oneJobWrites ? { writeFile: jobs(1), appendFile: jobs(1) } : new WholeWrites().amounts()),
    },
    promises: {
      readFile: jobs(read),
      writeFile: promised,
      appendFile: promised,
      // Pays for the `close` that every handle ends with: Node closes handles from within its own calls, too.
      open: jobs(2),
      realpath: jobs(1),
      truncate: jobs(3),
    },
  };
}

function dataBytes(data: unknown): number {
  return typeof data === "string" ? Buffer.byteLength(data) : ArrayBuffer.isView(data) ? data.byteLength : 0;
}

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

export class FsHandoffsProbe extends CallProbe {
  private stopped = false;
  private unask: () => void = () => {};

  constructor() {
    super("switches.fs", handoffsGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    const patch = (target: object, prefix: string, amounts: Readonly<Record<string, AmountOf>>) => {
      for (const [name, amount] of Object.entries(amounts)) {
        if (typeof (target as Functions)[name] !== "function") continue;
        const operation = context.meter.operation("round trip", `${prefix}.${name}`);
        calls.measure(target as Functions, [name], { operation, amount, nests: true });
      }
    };
    const single = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, jobs(1)]));
    const wholeFiles = jobsOfWholeFiles();
    patch(fs, "fs", { ...single([...ONE_JOB, ...ONE_JOB_ON_DESCRIPTORS]), ...wholeFiles.callbacks });
    patch(fs.realpath, "fs.realpath", single(["native"]));
    const onHandles = Object.fromEntries(
      Object.entries(ON_HANDLES).map(([name, count]) => [name, jobs(count)]),
    );
    onFileHandles((prototype) => {
      if (!this.stopped) patch(prototype, "FileHandle", onHandles);
    });
    this.unask = whenPromisesAsked(this.name, context, (promises) => {
      patch(promises, "fs.promises", { ...single(ONE_JOB), ...wholeFiles.promises });
      // The measure of an operation that is never recorded: it only notices the call.
      calls.measure(promises, ["open"], {
        operation: context.meter.operation("round trip", "fs.promises.open"),
        amount: () => {
          noticeOpen(context);
          return 0;
        },
      });
    });
  }

  override stop(): void {
    this.unask();
    this.stopped = true;
    super.stop();
  }
}
