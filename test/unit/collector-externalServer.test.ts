// Unit tests: what is copied for a server that something else starts says the same to a shell, to docker and to systemd.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import {
  dockerOptions,
  environmentFile,
  exportLines,
  externalServer,
  systemdLines,
} from "../../src/collector/externalServer.ts";

const posix = { skip: process.platform === "win32" };
const OPTIONS = '--require "/home/o\'neil/my $HOME 100%/ü `x` \\"/preload.js"';
const SESSION = "/tmp/darcy-1-ä b/session.json";
const server = externalServer({ NODE_OPTIONS: OPTIONS, DARCY_SESSION: SESSION }, [
  "/tmp/darcy-1-ä b",
  "/opt/darcy",
]);
const asSeen = (script: string, environment: NodeJS.ProcessEnv = {}) =>
  execFileSync("/bin/sh", ["-c", script], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: "utf8",
  });

test("a shell gets the values as they are, and keeps its own NODE_OPTIONS", posix, () => {
  const script = `${exportLines(server)}printf '%s\\n%s' "$DARCY_SESSION" "$NODE_OPTIONS"`;
  assert.equal(asSeen(script), `${SESSION}\n${OPTIONS}`);
  assert.equal(
    asSeen(script, { NODE_OPTIONS: "--enable-source-maps" }),
    `${SESSION}\n--enable-source-maps ${OPTIONS}`,
  );
});

test("docker's options are words of a shell", posix, () => {
  const words = asSeen(`for word in ${dockerOptions(server)}; do printf '%s\\n' "$word"; done`)
    .trimEnd()
    .split("\n");
  assert.deepEqual(words, [
    "-v",
    "/tmp/darcy-1-ä b:/tmp/darcy-1-ä b",
    "-v",
    "/opt/darcy:/opt/darcy",
    "-e",
    `NODE_OPTIONS=${OPTIONS}`,
    "-e",
    `DARCY_SESSION=${SESSION}`,
  ]);
});

test("systemd's quotes, escapes and percent signs", () => {
  const [head, session, options] = systemdLines(server).split("\n");
  assert.equal(head, "[Service]");
  assert.equal(session, `Environment="DARCY_SESSION=${SESSION}"`);
  const inner = /^Environment="(.*)"$/.exec(options ?? "")?.[1] ?? "";
  assert.ok(!/[^\\]"/.test(inner), "no quote ends it early");
  const read = inner.replace(/\\(["\\])/g, "$1").replaceAll("%%", "%");
  assert.equal(read, `NODE_OPTIONS=${OPTIONS}`);
});

test("an environment file quotes nothing", () => {
  assert.equal(environmentFile(server), `NODE_OPTIONS=${OPTIONS}\nDARCY_SESSION=${SESSION}\n`);
});
