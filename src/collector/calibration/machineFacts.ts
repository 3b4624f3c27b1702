// Collector: what the machine is, for the sheet beside the figures: they hold for it alone.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import type { MachineFacts } from "../../protocol/calibration.ts";
import { processorQuota, type ReadText } from "../processorLimit.ts";

const CACHES = "/sys/devices/system/cpu/cpu0/cache";
const DEADLINE_MS = 1_000;
const LONGEST_NAME = 200;
const run = promisify(execFile);

/** Never throws; what can't be had is null. */
export async function machineFacts(read: ReadText = readText): Promise<MachineFacts> {
  const { processor, pageBytes, cacheLineBytes } = await hardware(read);
  const memoryBytes = totalmem();
  const allowed = process.constrainedMemory();
  return {
    system: `${type()} ${release()}`.slice(0, LONGEST_NAME),
    processor: processor.slice(0, LONGEST_NAME),
    cores: availableParallelism(),
    coreLimit: processorQuota(read),
    memoryBytes,
    // Without a limit it is 0 or more than there is.
    memoryLimitBytes: allowed > 0 && allowed < memoryBytes ? allowed : null,
    pageBytes,
    cacheLineBytes,
  };
}

async function hardware(read: ReadText) {
  const processor = (cpus()[0]?.model ?? "").trim();
  if (process.platform === "darwin") {
    const [pageBytes, cacheLineBytes] = await Promise.all(
      ["hw.pagesize", "hw.cachelinesize"].map((name) => asked("sysctl", ["-n", name])),
    );
    return { processor, pageBytes: pageBytes ?? null, cacheLineBytes: cacheLineBytes ?? null };
  }
  if (process.platform === "win32") return { processor, pageBytes: null, cacheLineBytes: null };
  return { processor, pageBytes: await asked("getconf", ["PAGESIZE"]), cacheLineBytes: cacheLine(read) };
}

/** Of the first level's data cache. */
function cacheLine(read: ReadText): number | null {
  for (let index = 0; index < 8; index++) {
    const of = (name: string) => read(`${CACHES}/index${index}/${name}`)?.trim();
    if (of("level") === "1" && of("type") !== "Instruction") return size(of("coherency_line_size"));
  }
  return null;
}

async function asked(command: string, args: readonly string[]): Promise<number | null> {
  try {
    const { stdout } = await run(command, args, { timeout: DEADLINE_MS, windowsHide: true });
    return size(stdout.trim());
  } catch {
    return null;
  }
}

function size(text: string | undefined): number | null {
  const bytes = Number(text || Number.NaN);
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
