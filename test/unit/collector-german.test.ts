// What the collector says of what went wrong is in the user's language where there is one, and in English on the command line.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { checkCommand } from "../../src/collector/checkCommand.ts";
import { diagnose } from "../../src/collector/diagnosis/diagnose.ts";
import { loadUrl } from "../../src/collector/load/driveLoad.ts";
import { unpackProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { useWords } from "../../src/model/l10n.ts";
import { remedyHere } from "../../src/recording/remedyHere.ts";

const GERMAN = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "l10n", "bundle.l10n.de.json"), "utf8"),
) as Readonly<Record<string, string>>;
afterEach(() => useWords(null));

async function saidBy(act: () => unknown): Promise<UserError> {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  throw new Error("nothing was said");
}

const broken = () => unpackProfile("a.darcy", Buffer.from([0x1f, 0x8b, 0, 0]));

test("a recording that can't be read, and what to do in the editor", async () => {
  useWords(GERMAN);
  const error = await saidBy(broken);
  assert.match(error.message, /^Die Datei a\.darcy /);
  assert.equal(remedyHere(error), "Nehmen Sie neu auf, und speichern Sie das.");
});

test("a script that is not there, and where it was looked for", async () => {
  useWords(GERMAN);
  const { message, remedy } = await saidBy(() =>
    checkCommand(["node", "nowhere.js"], "/tmp", { PATH: process.env.PATH }),
  );
  assert.equal(message, "Das Skript nowhere.js gibt es nicht.");
  assert.match(remedy, /^Gesucht wird es in \/tmp\. /);
});

test("load that goes elsewhere, and why nothing has reported", async () => {
  useWords(GERMAN);
  const listening = { port: 3000, address: "127.0.0.1" };
  assert.match(
    (await saidBy(() => loadUrl("http://example.org/", listening))).message,
    /weder dieser Rechner/,
  );
  assert.equal(diagnose("silent", [], true).message, "Der Befehl hat noch keinen gestartet.");
});

test("in English where nobody has set words", async () => {
  assert.match((await saidBy(broken)).message, /^The file a\.darcy /);
  assert.equal(diagnose("deaf", [], true).message, "It has opened no TCP port.");
});
