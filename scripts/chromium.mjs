// Finds the browser that the VS Code tests and screenshots need, and installs it where that is possible.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** @returns {string} path of a Chromium; throws with the remedy when there is none. */
export function ensureChromium(log = console.error) {
  const named = process.env.DARCY_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`DARCY_CHROMIUM names ${named}, which does not exist.`);
  }
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && isDebian()) {
    log("Installing Chromium (apt-get install chromium)");
    for (const words of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
      spawnSync("apt-get", words, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    }
    const installed = find();
    if (installed) return installed;
  }
  throw new Error("No Chromium or Chrome was found. Install one, or set DARCY_CHROMIUM to its path.");
}

function find() {
  const ending = process.platform === "win32" ? ".exe" : "";
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name + ending)));
  return [...onPath, ...PLACES].find((file) => existsSync(file));
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}
