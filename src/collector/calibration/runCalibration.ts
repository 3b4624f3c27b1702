// Collector: has the user's Node measure what this machine charges, in a process of its own.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { errorCode } from "../../common/errors.ts";
import type { Calibration } from "../../protocol/calibration.ts";
import { ownEnvironment } from "../environment.ts";
import { InvalidInput } from "../narrow.ts";
import { calibrationShape } from "../validateCalibration.ts";

/** The measurement keeps its own deadline of 0.9 s; this one is for a Node that hangs or crawls. */
const DEADLINE_MS = 8_000;
const MAX_OUTPUT_BYTES = 256 * 1024;

/** The calibration, or the reason why there is none. Never throws. */
export function runCalibration(
  nodePath: string,
  distFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Calibration | string> {
  return new Promise((resolve) => {
    const options = {
      env: ownEnvironment(environment),
      timeout: DEADLINE_MS,
      killSignal: "SIGKILL",
      maxBuffer: MAX_OUTPUT_BYTES,
      windowsHide: true,
    } as const;
    execFile(nodePath, [join(distFolder, "calibrate.js")], options, (error, stdout) => {
      if (error !== null) resolve(reasonOf(error, nodePath));
      else resolve(read(stdout));
    });
  });
}

function read(stdout: string): Calibration | string {
  try {
    return calibrationShape(JSON.parse(stdout));
  } catch (error) {
    return error instanceof InvalidInput
      ? `its result is not understood: ${error.message}`
      : "it printed no result";
  }
}

function reasonOf(error: Error & { killed?: boolean }, nodePath: string): string {
  if (errorCode(error) === "ENOENT") return `${nodePath} was not found`;
  if (error.killed === true) return `it took longer than ${DEADLINE_MS / 1_000} s`;
  return "it failed";
}
