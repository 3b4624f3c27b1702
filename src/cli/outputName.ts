// Command line: the file that a recording goes to when the user names none.

import { basename } from "node:path";

const MAX_NAME_CHARACTERS = 40;

/** `darcy-server-20250131-140509.darcy`, after the script that the command runs, in local time. */
export function defaultFileName(command: readonly string[], now: Date): string {
  const words = command.filter((word) => !word.startsWith("-"));
  const script = words.find((word) => /\.[cm]?[jt]sx?$/.test(word)) ?? words.at(-1) ?? "server";
  const name = basename(script)
    .replace(/\.[cm]?[jt]sx?$/, "")
    .replace(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, MAX_NAME_CHARACTERS);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `darcy-${name === "" ? "server" : name}-${day}-${time}.darcy`;
}
