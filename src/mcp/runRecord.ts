// MCP: records by the command line itself, as a process of its own, whose output must not reach the protocol's stdout.

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { UserError } from "../common/errors.ts";
import type { RecordRequest } from "../tools/toolInput.ts";

const KEPT = 4_096;

/** The recording's path. @throws UserError */
export async function runRecord(cli: string, request: RecordRequest, signal: AbortSignal): Promise<string> {
  const { command, load, seconds, workers } = request;
  const out = resolve(request.out);
  const options = ["--load", load, "--duration", String(seconds), "--out", out];
  if (workers !== null) options.push("--workers", String(workers));
  const child = spawn(process.execPath, [cli, "record", ...options, "--", ...command], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT);
  });
  const stop = () => child.kill("SIGINT");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.once("error", fail);
      child.once("close", done);
    });
    if (code !== 0)
      throw new UserError(`The recording failed: ${said.trim()}`, "Mend that, and record again.");
    return out;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
