// Unit tests: which process of a session becomes peer 0, also when a watcher has ended the one before.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { FirstPeerClaim } from "../../src/runtime/symmetric/firstPeerClaim.ts";

const root = mkdtempSync(join(tmpdir(), "darcy-claim-"));
const others: ChildProcess[] = [];
after(() => {
  for (const other of others) other.kill("SIGKILL");
  rmSync(root, { recursive: true });
});

function folderOf(pid: number | null): string {
  const folder = mkdtempSync(join(root, "session-"));
  if (pid !== null) writeFileSync(join(folder, "first-peer"), String(pid));
  return folder;
}
function started(command: string, words: readonly string[]): ChildProcess {
  const other = spawn(command, words, { stdio: ["ignore", "pipe", "ignore"] });
  others.push(other);
  return other;
}

test("the first that asks has it, again and again", () => {
  const folder = folderOf(null);
  const claim = new FirstPeerClaim(folder);
  assert.equal(claim.make("80"), "ours");
  assert.equal(claim.make("80"), "ours");
  assert.equal(readFileSync(join(folder, "first-peer"), "utf8"), `${process.pid} ${process.ppid} 80`);
});

test("a living process keeps it; a moment later it may have ended", async () => {
  const other = started(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const folder = folderOf(other.pid ?? 0);
  assert.equal(new FirstPeerClaim(folder, 0).make("80"), "taken");
  const patient = new FirstPeerClaim(folder, 60_000);
  assert.equal(patient.make("80"), "later");
  assert.equal(patient.make("80"), "later");
  other.kill("SIGKILL");
  await once(other, "exit");
  assert.equal(patient.make("80"), "ours");
});

test("what the one that has it listens on is told, and whether it is a child of who asks", () => {
  const folder = folderOf(null);
  writeFileSync(join(folder, "first-peer"), `${process.pid} ${process.ppid} 4130, 4131`);
  const claim = new FirstPeerClaim(folder);
  assert.deepEqual([claim.ownersPorts, claim.isChilds], ["4130, 4131", false]);
  writeFileSync(join(folder, "first-peer"), `1 ${process.pid} 4130`);
  assert.deepEqual([claim.ownersPorts, claim.isChilds], ["4130", true]);
  const none = new FirstPeerClaim(folderOf(null));
  assert.deepEqual([none.ownersPorts, none.isChilds], [null, false]);
});

test("one that has ended and that nobody reaps has lost it", {
  skip: process.platform !== "linux",
}, async () => {
  // The process that takes the shell's place never waits for the shell's child.
  const parent = started("sh", ["-c", "sleep 1 & echo $!; exec sleep 600"]);
  const [line] = (await once(parent.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const pid = Number(line.toString());
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) await delay(10);
  assert.doesNotThrow(() => process.kill(pid, 0));
  assert.equal(new FirstPeerClaim(folderOf(pid), 0).make("80"), "ours");
});
