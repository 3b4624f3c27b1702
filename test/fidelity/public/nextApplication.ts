// Tests: Next's application, built once for a version of Next and of its sources.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseEnvironment } from "../sides.ts";
import { folder, versionOf } from "./packages.ts";

/** @throws Error with what it printed, when it can't be built */
export function buildNext(application: string, node: string): void {
  const marker = join(application, ".next/darcy-built");
  const state = `${versionOf("next")} ${versionOf("react")} ${sourcesOf(application)}`;
  if (existsSync(marker) && readFileSync(marker, "utf8") === state) return;
  console.log("Building the application of Next ...");
  const { status, stdout, stderr } = spawnSync(
    node,
    [join(folder, "node_modules/next/dist/bin/next"), "build", application],
    { env: { ...baseEnvironment(), NEXT_TELEMETRY_DISABLED: "1" }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`next build ended with ${status}:\n${stdout}\n${stderr}`);
  writeFileSync(marker, state);
}

function sourcesOf(application: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(application, { recursive: true, withFileTypes: true })
    .map((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : ""))
    .filter((file) => file !== "" && !/[\\/](?:\.next|node_modules)[\\/]/.test(file))
    .sort();
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}
