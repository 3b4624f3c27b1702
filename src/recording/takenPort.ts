// Recording: whether a server that ended before it listened names a port that another program has. A terminal's output
// can't be read, so this is what can be told without it: where ports are usually named, tried one by one.

import { readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";

const NAMED = /\b(?:port|listen)\b\W{0,24}?(\d{2,5})\b/gi;
const SCRIPT = /\.[cm]?[jt]sx?$/;
const MOST_BYTES = 262_144;
const MOST_PORTS = 8;
const ANSWER_MILLIS = 300;

/** Null: none that it names is in use, which does not say that none is. */
export async function takenPort(
  command: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | null>>,
): Promise<number | null> {
  const words = [...command, ...(await scriptWords(command, cwd))];
  const sources = words.filter((word) => SCRIPT.test(word)).map((word) => readText(resolve(cwd, word)));
  const texts = [`PORT=${environment.PORT ?? ""}`, words.join(" "), ...(await Promise.all(sources))];
  const ports = texts.flatMap((text) => [...text.matchAll(NAMED)].map(([, port]) => Number(port)));
  const usable = [...new Set(ports)].filter((port) => port > 0 && port < 65_536).slice(0, MOST_PORTS);
  const taken = await Promise.all(usable.map(isTaken));
  return usable.find((_, index) => taken[index]) ?? null;
}

/** Of `npm run NAME`: what it stands for in package.json. */
async function scriptWords(command: readonly string[], cwd: string): Promise<string[]> {
  const at = command.lastIndexOf("run");
  const name = at < 0 ? undefined : command[at + 1];
  if (name === undefined) return [];
  try {
    const value = JSON.parse(await readText(join(cwd, "package.json"))) as {
      scripts?: Record<string, unknown>;
    };
    const script = value.scripts?.[name];
    return typeof script === "string" ? script.split(/\s+/) : [];
  } catch {
    return [];
  }
}

async function readText(file: string): Promise<string> {
  try {
    return (await stat(file)).size > MOST_BYTES ? "" : await readFile(file, "utf8");
  } catch {
    return "";
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: "localhost", timeout: ANSWER_MILLIS });
    const end = (taken: boolean) => {
      socket.destroy();
      done(taken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
