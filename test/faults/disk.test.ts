// Faults: a disk that is full. What was there stays, nothing half is left, and the reason is told.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeOut } from "../../src/cli/writeOut.ts";
import { readProfile, writeProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { ProfileBuilder } from "../../src/model/builder.ts";
import { FACTS } from "../fuzz/outcome.ts";

test("a recording that the disk has no room for", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "darcy-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).status === 0;
  try {
    if (!mounted) return context.skip("no small file system may be mounted here");
    const file = join(folder, "a.darcy");
    const profile = new ProfileBuilder(FACTS, 0).snapshot(1);
    await writeProfile(file, profile);
    const before = readFileSync(file);
    writeFileSync(join(folder, "other"), Buffer.alloc(48 * 1024));
    // It does not compress.
    const command = Array.from({ length: 900 }, () =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(300))),
    );
    const large = { ...profile, command: command.map((bytes) => bytes.toString("base64")) };
    await assert.rejects(writeProfile(file, large), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /There is no space left for .*a\.darcy/);
      assert.match(error.remedy, /another place/);
      return true;
    });
    assert.deepEqual(readFileSync(file), before);
    // Exports and reports by the same way.
    await assert.rejects(writeOut(Buffer.alloc(128 * 1024, 1), file), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /a\.darcy could not be written: ENOSPC/);
      return true;
    });
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual(readdirSync(folder).sort(), ["a.darcy", "other"]);
    assert.deepEqual(await readProfile(file), profile);
  } finally {
    if (mounted) spawnSync("umount", [folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});
