// Unit tests: the front of a recording's file: the same figures, at once; none at all where it does not belong to what follows.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Front, openFront, packFront } from "../../src/collector/front.ts";
import { extraMembers, partExtra } from "../../src/collector/gzipExtra.ts";
import { readProfile, unpackProfile, writeProfile } from "../../src/collector/profileFile.ts";
import type { HotspotTable } from "../../src/protocol/hotspotTable.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { frontOf } from "../../src/recording/front.ts";
import { makeSession } from "../bench/panel/session.ts";
import { knownRun } from "./knownPair.ts";
import { assertSameFront } from "./sameFront.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy front "));
after(() => rmSync(folder, { recursive: true }));

/** More hotspots than the report lists. */
const LARGE = makeSession({ events: 40_000, stacks: 2_000, seconds: 20, workers: 2, samplesPerSecond: 50 });
const SMALL = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });

async function figuresAndTable(): Promise<{ front: Front; others: HotspotTable }> {
  const { report, series, scope, texts, others } = figuresOf(LARGE, 0);
  assert.ok(others !== null && others.rows > 100);
  return { front: { report, series, scope, texts, elapsedMs: 20_000, cwd: "/srv" }, others };
}

for (const [name, profile] of Object.entries({ LARGE, SMALL })) {
  test(`${name}: the front's figures are the recording's own, and the recording unpacks as before`, async () => {
    const file = join(folder, `${name}.darcy`);
    await writeProfile(file, profile, (packed) => frontOf(profile, packed));
    await assertSameFront(file);
    const json = JSON.stringify(profile);
    assert.equal(gunzipSync(readFileSync(file)).toString(), json, "for any reader of gzip");
    assert.deepEqual(await readProfile(file), JSON.parse(json));
  });
}

test("a file of an earlier version has none", async () => {
  assert.equal(await openFront(gzipSync(JSON.stringify(SMALL))), null);
  assert.equal(await openFront(Buffer.alloc(0)), null);
  assert.equal(await openFront(Buffer.from("no gzip at all")), null);
});

test("it counts only for the bytes that it was made of", async () => {
  const packed = gzipSync(JSON.stringify(SMALL));
  const front = await frontOf(SMALL, packed);
  assert.ok((await openFront(Buffer.concat([front, packed]))) !== null);
  const other = gzipSync(JSON.stringify(LARGE));
  const swapped = Buffer.concat([front, other]);
  assert.equal(await openFront(swapped), null);
  assert.equal((await unpackProfile("swapped", swapped)).windows.length, LARGE.windows.length);
  const cut = Buffer.concat([front, packed.subarray(0, -1)]);
  assert.equal(await openFront(cut), null);
});

test("a damaged one is none, wherever it is damaged, or says what it said before", async () => {
  const packed = gzipSync(JSON.stringify(SMALL));
  const front = await frontOf(SMALL, packed);
  const whole = Buffer.concat([front, packed]);
  const before = await openFront(whole);
  for (let at = 0; at < front.length; at += Math.max(1, front.length >> 8)) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 0x55;
    const opened = await openFront(damaged);
    // Some bits of packed data mean nothing; others change a letter, which no check of its own tells.
    if (opened !== null) assert.deepEqual(Object.keys(opened).sort(), Object.keys(before ?? {}).sort());
  }
});

test("what a stranger's front holds is checked: figures that are none, and rows that point outside their lists", async () => {
  const packed = gzipSync(JSON.stringify(LARGE));
  const { front, others } = await figuresAndTable();
  const opened = async (changed: unknown, table: HotspotTable | null = others) =>
    openFront(Buffer.concat([await packFront(changed as Front, table, packed), packed]));
  assert.ok((await opened(front)) !== null);
  for (const change of [
    { elapsedMs: -1 },
    { cwd: 3 },
    { scope: null },
    { scope: { ...front.scope, label: "x".repeat(1_000) } },
    { report: { ...front.report, schema: "darcy-report/2" } },
    { report: { ...front.report, hotspots: [{ ...front.report.hotspots[0], file: 7 }] } },
    { report: { ...front.report, requests: { ...front.report.requests, total: "many" } } },
    { report: { ...front.report, totals: { ...front.report.totals, locks: null } } },
    { series: { ...front.series, atMs: ["0"] } },
    { series: { ...front.series, impact: {} } },
  ])
    assert.equal(await opened({ ...front, ...change }), null, JSON.stringify(change).slice(0, 80));

  const width = others.numbers.length / others.rows;
  for (const [column, value] of [
    [0, 4],
    [1, -1],
    [2, others.texts.length],
    [2, 0.5],
    [3, Number.NaN],
    [8, Number.POSITIVE_INFINITY],
    [8, Number.NaN],
    [15, 3],
    [17, others.texts.length],
    [20, 1e15],
    [width - 1, Number.NaN],
  ] as const) {
    const numbers = Float64Array.from(others.numbers);
    numbers[7 * width + column] = value;
    const odd = await opened(front, { ...others, numbers });
    assert.ok(odd !== null);
    await assert.rejects(odd.others(), /table: expected/, `column ${column}: ${value}`);
  }
  const short = await opened(front, { ...others, rows: others.rows + 1 });
  await assert.rejects(async () => short?.others(), /table: expected/);
});

test("bytes of any length travel in front, and come back", () => {
  const file = gzipSync("what follows");
  for (const length of [0, 1, 65_530, 65_531, 65_532, 200_000]) {
    const extra = Buffer.alloc(length, 7);
    const whole = Buffer.concat([extraMembers(extra), file]);
    const parted = partExtra(whole, 200_000);
    assert.equal(parted.extra.compare(extra), 0);
    assert.equal(Buffer.compare(parted.rest, file), 0);
    assert.equal(gunzipSync(whole).toString(), "what follows");
  }
});

test("a stranger's members in front: only the first that is not full counts, and no more than are allowed", () => {
  const full = extraMembers(Buffer.alloc(65_531, 1));
  const [short, empty] = [extraMembers(Buffer.of(2)), extraMembers(Buffer.of(3))];
  empty.writeUInt16LE(4, 10);
  const none = Buffer.concat([empty.subarray(0, 14), Buffer.of(0, 0), empty.subarray(17)]);
  assert.equal(gunzipSync(Buffer.concat([none, gzipSync("what follows")])).toString(), "what follows");
  const many = Buffer.concat(new Array<Buffer>(1_000).fill(none));
  const parted = partExtra(many, 1);
  assert.equal(parted.extra.length, 0);
  assert.equal(parted.rest.length, many.length - none.length, "the others are not even looked at");

  const shorts = partExtra(Buffer.concat([full, short, short, full]), 1_000_000);
  assert.equal(shorts.extra.length, 65_532);
  assert.equal(shorts.rest.length, short.length + full.length);

  const large = Buffer.concat([full, full, full]);
  assert.equal(partExtra(large, 3 * 65_531).extra.length, 3 * 65_531);
  const tooMany = partExtra(large, 3 * 65_531 - 1);
  assert.deepEqual([tooMany.extra.length, tooMany.rest.length], [0, large.length]);
});
