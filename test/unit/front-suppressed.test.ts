// Unit tests: a suppressed site stays so when its line moves, and comes back when its line is another.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packHotspots } from "../../src/protocol/hotspotTable.ts";
import type { Hotspot, Report } from "../../src/protocol/report.ts";
import { type SiteRef, siteName } from "../../src/protocol/siteDetails.ts";
import { SuppressedSites } from "../../src/recording/suppressedSites.ts";

const folder = mkdtempSync(join(tmpdir(), "darcy-suppressed-"));
after(() => rmSync(folder, { recursive: true }));
const FILE = join(folder, "place.js");
const HOT = "  const body = JSON.stringify(order);";

const at = (line: number, change: Partial<SiteRef> = {}): SiteRef => ({
  category: "copies",
  kind: "serialise",
  file: FILE,
  line,
  column: 3,
  function: "place",
  callee: "JSON.stringify",
  basis: null,
  ...change,
});
/** Recorded after the file was written. */
const STARTED = Date.UTC(2026, 4, 1);
function reportOf(sites: readonly SiteRef[], day = 0, more: Partial<Report> = {}): Report {
  return {
    hotspots: sites,
    startedAt: new Date(STARTED + day * 86_400_000).toISOString(),
    ...more,
  } as unknown as Report;
}
function write(day: number, ...lines: string[]): void {
  writeFileSync(FILE, lines.join("\n"));
  const seconds = (STARTED + day * 86_400_000) / 1_000 - 60;
  utimesSync(FILE, seconds, seconds);
}
/** As after a reload of the window. */
const all = () => true;
const again = (sites: SuppressedSites) => new SuppressedSites(JSON.parse(JSON.stringify(sites.entries)), all);

test("a site stays suppressed when its line moves or is indented anew, and no other line is", () => {
  write(0, "function place(order) {", HOT, "}");
  const sites = new SuppressedSites(undefined, all);
  sites.set(at(2), true, reportOf([at(2)]));
  assert.deepEqual(sites.namesIn(reportOf([at(2), at(3)])), [siteName(at(2))]);
  write(1, "// new", "", "function place(order) {", "  // more", `  ${HOT}`, "}");
  const moved = reportOf([at(5), at(2), at(5, { callee: "Buffer.from" }), at(5, { function: "other" })], 1);
  assert.deepEqual(again(sites).namesIn(moved), [siteName(at(5))]);
});

test("it comes back when its line is changed", () => {
  write(0, "function place(order) {", HOT, "}");
  const sites = new SuppressedSites(undefined, all);
  sites.set(at(2), true, reportOf([at(2)]));
  write(1, "function place(order) {", HOT.replace("order", "order.lines"), "}");
  assert.deepEqual(again(sites).namesIn(reportOf([at(2)], 1)), []);
});

test("it can be taken back, wherever the line stands now", () => {
  write(0, HOT);
  const sites = new SuppressedSites(undefined, all);
  sites.set(at(1), true, reportOf([at(1)]));
  write(1, "", HOT);
  const report = reportOf([at(2)], 1);
  const later = again(sites);
  assert.equal(later.namesIn(report).length, 1);
  later.set(at(2), false, report);
  assert.deepEqual([later.namesIn(report), later.entries], [[], []]);
});

test("the text is of what ran: an edit while the recording goes on changes nothing", () => {
  write(0, HOT);
  const report = reportOf([at(1)]);
  const sites = new SuppressedSites(undefined, all);
  sites.set(at(1), true, report);
  write(1, "an edit", HOT);
  // A newer report of the same recording.
  assert.deepEqual(sites.namesIn(reportOf([at(1)])), [siteName(at(1))]);
  // After a restart by a watcher the new text runs.
  const restarts = [{ atMs: 86_400_000, what: "server", worker: 0, pid: 1 }] as const;
  assert.deepEqual(sites.namesIn(reportOf([at(1), at(2)], 0, { restarts })), [siteName(at(2))]);
});

test("where no text is known the line's number decides, as in what earlier versions kept", () => {
  const gone = at(7, { file: join(folder, "gone.js") });
  const sites = new SuppressedSites(undefined, all);
  const report = reportOf([gone, { ...gone, line: 8 }]);
  sites.set(gone, true, report);
  assert.deepEqual(again(sites).namesIn(report), [siteName(gone)]);
  const old = new SuppressedSites([siteName(at(1)), 7, null, { site: 3 }], all);
  assert.deepEqual(old.entries, [siteName(at(1))]);
  assert.deepEqual(old.namesIn(reportOf([at(1), at(2)])), [siteName(at(1))]);
  old.set(at(1), false, reportOf([]));
  assert.deepEqual(old.entries, []);
});

test("one beyond those that are listed whole is suppressed, too", () => {
  write(0, "function place(order) {", HOT, "}");
  const sites = new SuppressedSites(undefined, all);
  const report = reportOf([at(1)]);
  sites.set(at(2), true, report);
  const others = packHotspots([at(3), at(2)].map(asHotspot), 0);
  assert.deepEqual(sites.namesIn(report, others), [siteName(at(2))]);
  assert.deepEqual(sites.namesIn(report), []);
});

function asHotspot(site: SiteRef): Hotspot {
  const none = { stacks: [], routes: [], sizes: [], workers: [], holder: null, candidates: [] };
  const figures = { count: 1, amount: 1, perRequest: 1, share: 0.1, impactMicrosPerRequest: 1, samples: 1 };
  return { ...site, ...none, ...figures, relativeError: null, confidence: "exact" } as unknown as Hotspot;
}

test("files that may not be looked into are not, whatever a recording names: such sites are known by their line", () => {
  write(0, "", HOT);
  const asked: string[] = [];
  const sites = new SuppressedSites(undefined, (file) => {
    asked.push(file);
    return false;
  });
  const share = at(2, { file: "\\\\host\\share\\place.js" });
  for (const site of [at(2), share]) sites.set(site, true, reportOf([site]));
  assert.deepEqual(asked, [FILE, share.file]);
  assert.ok(sites.entries.every((entry) => typeof entry !== "string" && entry.text === null));
  assert.deepEqual(sites.namesIn(reportOf([at(2), share])), [siteName(at(2)), siteName(share)]);
  assert.deepEqual(sites.namesIn(reportOf([at(3)])), []);
});
