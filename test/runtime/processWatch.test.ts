// Tests: how the processes are looked at by which a server may come that something else starts.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { environmentOf, identityOf, standings } from "../../src/collector/diagnosis/processTable.ts";
import { ProcessWatch } from "../../src/collector/diagnosis/processWatch.ts";

const linuxOnly = { skip: process.platform !== "linux" };
const SESSION = "/nowhere/session.json";

test(
  "others' processes are read a few times, not for hours; when somebody asks, all are",
  linuxOnly,
  async () => {
    const other = spawn("sh", ["-c", `read line; DARCY_SESSION=${SESSION} exec sleep 600`], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await once(other, "spawn");
    let looks = 0;
    let reads = 0;
    let looked = () => {};
    const watch = new ProcessWatch(null, SESSION, {
      identityOf,
      standings: () => {
        looks++;
        looked();
        return standings();
      },
      environmentOf: (pid) => {
        if (pid === other.pid) reads++;
        return environmentOf(pid);
      },
    });
    const untilLooks = (count: number) =>
      new Promise<void>((resolve) => {
        looked = () => looks >= count && resolve();
        looked();
      });
    try {
      await untilLooks(8);
      assert.ok(reads >= 1 && reads <= 3, `${reads} reads in ${looks} looks`);
      // The same process becomes another program, and one of the session.
      other.stdin.write("go\n");
      let found = false;
      while (!found) found = (await watch.read()).some(({ pid }) => pid === other.pid);
    } finally {
      watch.stop();
      other.kill("SIGKILL");
    }
  },
);
