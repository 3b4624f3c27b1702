// Unit tests: the line that a notice names is the authored one, or none.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { ProfileNotice } from "../../src/model/profile.ts";
import { analyse } from "../../src/model/report.ts";
import type { NoticePlace } from "../../src/protocol/wire.ts";
import { resolveNotice, resolveSources } from "../../src/sources/resolve.ts";
import { KnownProfile } from "./knownProfile.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const TIMER_LINE = 6;
const AUTHORED = `interface Options {
  readonly millis: number;
}

export function start({ millis }: Options): void {
  setInterval(() => {}, millis);
}
start({ millis: 60_000 });
`;
let folder = "";

before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "darcy notices ü-")));
  await writeFile(join(folder, "timer.ts"), AUTHORED);
});
after(() => rm(folder, { recursive: true, force: true }));

function notice(place: NonNullable<ProfileNotice["place"]>): ProfileNotice {
  const text = `The timer (set at ${place.url}:${place.line}) runs twice.`;
  return { code: "repeating-timer", severity: "warning", text, atMicros: 1, place };
}

async function placed(place: NonNullable<ProfileNotice["place"]>): Promise<string> {
  const told = await resolveNotice(notice(place), folder);
  assert.equal(told.place, undefined);
  return told.text;
}

/** Where the call stands in what a compiler wrote. */
function compiled(name: string, text: string): NoticePlace {
  const url = join(folder, name);
  const before = text.slice(0, text.indexOf("setInterval"));
  const line = before.split("\n").length;
  return { url, line, column: before.length - before.lastIndexOf("\n") };
}

async function built(name: string, sourcemap: boolean): Promise<NoticePlace> {
  const outfile = join(folder, name);
  const { outputFiles } = await build({
    entryPoints: [join(folder, "timer.ts")],
    outfile,
    platform: "node",
    minify: true,
    sourcemap,
    write: false,
  });
  for (const { path, contents } of outputFiles) await writeFile(path, contents);
  const script = outputFiles.find(({ path }) => path === outfile);
  return compiled(name, script?.text ?? "");
}

test("a bundle with a map: the authored line", async () => {
  const place = await built("mapped.js", true);
  assert.equal(place.line, 1, "it must stand on another line, else this test shows nothing");
  assert.equal(
    await placed(place),
    `The timer (set at ${join(folder, "timer.ts")}:${TIMER_LINE}) runs twice.`,
  );
});

test("plain JavaScript, also as an ES module: its own line, under a path and not a URL", async () => {
  await writeFile(join(folder, "plain.mjs"), "\n  setInterval(() => {}, 60_000);\n");
  const place = { url: pathToFileURL(join(folder, "plain.mjs")).href, line: 2, column: 3 };
  assert.equal(await placed(place), `The timer (set at ${join(folder, "plain.mjs")}:2) runs twice.`);
});

test("what was changed since it ran, and what only a compiler knows: the file alone", async () => {
  const place = await built("unmapped.js", false);
  assert.equal(
    await placed({ ...place, changedMs: 1 }),
    `The timer (set at ${join(folder, "unmapped.js")}:1) runs twice.`,
  );
  const mapped = await built("again.js", true);
  assert.equal(
    await placed({ ...mapped, changedMs: 1 }),
    `The timer (set at ${join(folder, "again.js")}) runs twice.`,
  );
  const inMemory = { url: join(folder, "timer.ts"), line: 1, column: 40 };
  assert.equal(await placed(inMemory), `The timer (set at ${join(folder, "timer.ts")}) runs twice.`);
});

test("a file that is gone: as it ran", async () => {
  const url = join(folder, "gone.js");
  assert.equal(await placed({ url, line: 3, column: 1 }), `The timer (set at ${url}:3) runs twice.`);
});

for (const name of ["memory.mts", "memory.cts"])
  test(`compiled in memory by tsx, ${name}: the process itself knows`, async () => {
    const module = join(folder, "sourceMaps.cjs");
    await build({
      entryPoints: [join(root, "src/runtime/sampling/sourceMaps.ts")],
      outfile: module,
      bundle: true,
      platform: "node",
      format: "cjs",
    });
    const text = `import { authoredInMemory } from ${JSON.stringify(module)};
interface Place { readonly line: number; readonly column: number }
function place(): Place {
  Error.prepareStackTrace = (_error, sites) => sites;
  const holder: { stack?: unknown } = {};
  Error.captureStackTrace(holder);
  const [site] = holder.stack as NodeJS.CallSite[];
  Error.prepareStackTrace = undefined;
  return { url: site?.getFileName(), line: site?.getLineNumber(), column: site?.getColumnNumber() } as never;
}
const ran = place();
console.log(JSON.stringify([ran, authoredInMemory(ran as never)]));
`;
    await writeFile(join(folder, name), text);
    const { stdout } = await run(process.execPath, ["--import", "tsx", join(folder, name)], {
      cwd: root,
    });
    const [ran, authored] = JSON.parse(stdout) as [NoticePlace, NoticePlace];
    assert.notEqual(ran.line, 6, "tsx must compile onto other lines, else this test shows nothing");
    assert.equal(authored.line, 6);
    assert.equal(await placed(authored), `The timer (set at ${join(folder, name)}:6) runs twice.`);
  });

test("a report's notices are placed, and nothing else is left of the place", async () => {
  const place = await built("reported.js", true);
  const profile = new KnownProfile().profile({ cwd: folder, notices: [notice(place)] });
  const resolved = await resolveSources(profile);
  const { report } = analyse(resolved, { fromMicros: 0, toMicros: profile.endedMicros, top: 1 });
  assert.deepEqual(report.notices, [
    {
      code: "repeating-timer",
      severity: "warning",
      text: `The timer (set at ${join(folder, "timer.ts")}:${TIMER_LINE}) runs twice.`,
    },
  ]);
  // A live recording asks again and again.
  const again = await resolveSources(profile);
  assert.equal(again.notices[0], resolved.notices[0]);
});
