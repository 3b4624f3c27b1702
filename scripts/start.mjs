// npm start: opens a real VS Code with the extension and the example server: the user's own, else the one from npm.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { packExtension } from "./package.mjs";
import { ensureBuilt, ensureInstalled, root } from "./prepare.mjs";
import { cacheFolder, installVsix, startServer } from "./vscode.mjs";

const workspace = join(root, "examples", "orders");

try {
  ensureInstalled();
  ensureBuilt();
  const code = findCode();
  if (code !== null) openOwn(code);
  else await serve();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function openOwn(code) {
  console.log(`Opening ${code} with Darcy and ${workspace}`);
  const { status, error } = spawnSync(code, [`--extensionDevelopmentPath=${root}`, workspace], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined || status !== 0) throw error ?? new Error(`${code} ended with ${status}.`);
  sayWhatNext();
}

async function serve() {
  // Installed, because a served VS Code takes an extension under development only with the driver for tests.
  const extensionsDir = join(cacheFolder, "vscode-start", "extensions");
  await installVsix(packExtension().file, extensionsDir);
  const dataFolder = join(cacheFolder, "vscode-start", "data");
  await quietOnFirstStart(dataFolder);
  const server = await startServer({
    workspace,
    extensionsDir,
    dataFolder,
    port: Number(process.env.DARCY_PORT) || 0,
  });
  console.log(`\nVS Code with Darcy: ${server.url}\n`);
  sayWhatNext();
  console.log("Ctrl+C ends it.");
  const end = () => server.close().then(() => process.exit(0));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

/** The example is to come first, not welcome pages; the user's later changes stay. */
async function quietOnFirstStart(dataFolder) {
  const folder = join(dataFolder, "data", "Machine");
  const settings = {
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings, null, 2), { flag: "wx" }).catch(
    () => undefined,
  );
}

function sayWhatNext() {
  console.log(
    "There: F1, Darcy: Profile Node Server…, Orders (wasteful); then Drive load in the panel, with /orders.",
  );
}

/** DARCY_VSCODE=npm takes the one from npm in any case. */
function findCode() {
  if (process.env.DARCY_VSCODE === "npm") return null;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null;
}
