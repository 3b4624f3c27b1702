// VS Code tests: a desktop VS Code, where there is one and a screen for it.

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { cacheFolder, root } from "../../scripts/vscode.mjs";

const DOWNLOAD_MILLIS = 180_000;

/** DARCY_VSCODE: its executable, `download` to fetch one, `npm` for none. Null: the one from npm is used. */
export async function desktopVsCode(): Promise<string | null> {
  const wanted = process.env.DARCY_VSCODE ?? "";
  if (wanted === "npm") return null;
  if (wanted !== "" && wanted !== "download") {
    if (!existsSync(wanted)) throw new Error(`DARCY_VSCODE names ${wanted}, which does not exist.`);
    return wanted;
  }
  const screen = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  if (wanted === "" && !screen) return null;
  try {
    return await downloadAndUnzipVSCode({
      cachePath: join(cacheFolder, "vscode-desktop"),
      timeout: DOWNLOAD_MILLIS,
    });
  } catch (error) {
    if (wanted === "download") throw error;
    console.log(`VS Code could not be downloaded (${String(error).split("\n")[0]}); using the one from npm.`);
    return null;
  }
}

export async function runOnDesktop(options: {
  readonly desktop: string;
  readonly workspace: string;
  readonly tests: string;
  readonly trust: boolean;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<void> {
  const user = await mkdtemp(join(tmpdir(), "dvs-"));
  try {
    await runTests({
      vscodeExecutablePath: options.desktop,
      extensionDevelopmentPath: root,
      extensionTestsPath: options.tests,
      extensionTestsEnv: { ...options.environment },
      launchArgs: [
        options.workspace,
        "--user-data-dir",
        user,
        "--disable-extensions",
        "--skip-welcome",
        ...(options.trust ? [] : ["--disable-workspace-trust"]),
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    });
  } finally {
    await rm(user, { recursive: true, force: true, maxRetries: 5 });
  }
}
