// Unit tests: every text that a user sees is in the second language too, and nothing else is. Fails with a list of what is missing:
// add it to l10n/bundle.l10n.de.json (texts in the code, by their English) or package.nls.de.json (texts of package.json).

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findingsOf } from "../../src/model/findings/findings.ts";
import { translated } from "../../src/model/findings/translated.ts";
import { formatNumber } from "../../src/model/format.ts";
import { scopeWords } from "../../src/model/formatScope.ts";
import { inEnglish, t, useLocale, useWords } from "../../src/model/l10n.ts";
import { noticeWords, unfill } from "../../src/model/noticeWords.ts";
import { toReport } from "../../src/model/report.ts";
import { fill } from "../../src/protocol/fill.ts";
import { NOTICES } from "../../src/protocol/notices.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { knownRun } from "./knownPair.ts";
import { KnownProfile } from "./knownProfile.ts";

const root = join(__dirname, "..", "..");
const json = (...names: string[]) =>
  JSON.parse(readFileSync(join(root, ...names), "utf8")) as Readonly<Record<string, unknown>>;
const manifest = json("package.json");
const [english, german] = [json("package.nls.json"), json("package.nls.de.json")];
const bundle = json("l10n", "bundle.l10n.de.json");
const missing = (wanted: Iterable<string>, from: Readonly<Record<string, unknown>>) =>
  [...wanted].filter((key) => typeof from[key] !== "string" || from[key] === "");

/** Texts that are said by `t` or marked by `said`, with where they stand. */
function texts(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ["src", "webview"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      const code = readFileSync(file, "utf8");
      for (const [, text = ""] of code.matchAll(
        /(?<![\w.])(?:t|said)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g,
      ))
        found.set(unquoted(text), file);
    }
  }
  return found;
}
function unquoted(text: string): string {
  const inside = text.slice(1, -1);
  return text.startsWith("'") ? inside.replaceAll("\\'", "'") : (JSON.parse(text) as string);
}
const holes = (text: string) => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort().join();

/** Of package.json, where VS Code shows a text. */
const SHOWN = new Set([
  "title",
  "description",
  "markdownDescription",
  "displayName",
  "userDescription",
  "name",
  "contents",
  "altText",
]);
function* shownTexts(value: unknown, path: readonly string[] = []): Generator<[path: string, text: string]> {
  if (Array.isArray(value)) {
    const described = /numDescriptions$/i.test(path.at(-1) ?? "");
    for (const [index, each] of value.entries()) {
      if (described && typeof each === "string") yield [path.join("."), each];
      else yield* shownTexts(each, [...path, String(index)]);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      // What models are told, and what a tool is called by, is not the user's.
      if (key === "inputSchema" || (key === "name" && path.includes("languageModelTools"))) continue;
      if (SHOWN.has(key) && typeof each === "string") yield [[...path, key].join("."), each];
      else yield* shownTexts(each, [...path, key]);
    }
  }
}
const PRODUCT = "Darcy";

test("package.json shows no text that can't be translated", () => {
  const { contributes, description, capabilities } = manifest;
  const bare = [...shownTexts({ contributes, description, capabilities })]
    .filter(([, text]) => text !== PRODUCT && !/^%[\w.]+%$/.test(text))
    .map(([path, text]) => `${path}: ${text}`);
  assert.deepEqual(bare, [], "move these to package.nls.json and package.nls.de.json");
});

test("package.json's texts are in both languages, and no others", () => {
  const used = new Set([...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map(([, key]) => key ?? ""));
  assert.ok(used.size > 50);
  assert.deepEqual(missing(used, english), [], "missing in package.nls.json");
  assert.deepEqual(missing(used, german), [], "missing in package.nls.de.json");
  assert.deepEqual(
    [...Object.keys(english), ...Object.keys(german)].filter((key) => !used.has(key)),
    [],
  );
  for (const key of used) {
    const [from, to] = [String(english[key]), String(german[key])];
    assert.equal(to.match(/\(command:[\w.]+\)/g)?.join(), from.match(/\(command:[\w.]+\)/g)?.join(), key);
  }
});

test("the code's texts are translated, and no others", () => {
  const used = texts();
  for (const sentence of Object.values(NOTICES)) used.set(sentence, "src/protocol/notices.ts");
  assert.ok(used.size > 30, `${used.size}`);
  assert.deepEqual(missing(used.keys(), bundle), [], "missing in l10n/bundle.l10n.de.json");
  assert.deepEqual(
    Object.keys(bundle).filter((key) => !used.has(key)),
    [],
    "not used any more",
  );
  for (const [text, translated] of Object.entries(bundle))
    assert.equal(holes(String(translated)), holes(text), text);
});

/** What is said to language models is English. */
const TO_MODELS = ["languageModelTools.ts"];
const SAID =
  /\b(?:message|remedy|detail)\s*[=:]\s*("[^"\n]*"|`[^`]*`)|show\w+Message\(\s*("[^"\n]*"|`[^`]*`)/g;

test("messages have no sentences beside `t`", () => {
  const bare: string[] = [];
  for (const folder of ["commands", "recording", "sessions", "views"]) {
    for (const entry of readdirSync(join(root, "src", folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || TO_MODELS.includes(entry.name)) continue;
      const code = readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8");
      for (const [, value = "", shown = value] of code.matchAll(SAID)) {
        const words = shown.replace(/\$\{[^}]*\}/g, "").match(/[a-z]{2,} /gi) ?? [];
        if (words.length > 2) bare.push(`${entry.name}: ${shown}`);
      }
    }
  }
  assert.deepEqual(bare, []);
});

test("each notice that is made is found again, with its values, also where phrases stand in it", () => {
  for (const template of Object.values(NOTICES)) {
    const values = holes(template)
      .split(",")
      .filter((hole) => hole !== "")
      .map((_, at) => `value ${at}`);
    assert.deepEqual(unfill(fill(template, ...values)), { template, values });
  }
  assert.equal(unfill("Nobody says this."), null);
  const how = fill(NOTICES.byError, "Error: ended (a, b); another");
  const said = fill(NOTICES.workerEnded, 2, fill(NOTICES.aProcess, 71), how);
  const again = fill(NOTICES.crashLoop, 2, 5, fill(NOTICES.bySignal, "SIGKILL"));
  assert.equal(noticeWords(said), said);
  useWords(bundle);
  try {
    assert.equal(
      noticeWords(said),
      "Worker 2 (Prozess 71): beendet durch einen Fehler, den niemand abfing (Error: ended (a, b); another); ein anderer tritt an seine Stelle.",
    );
    assert.match(
      noticeWords(again),
      /^Worker 2 endete 5-mal gleich nach seinem Start \(beim letzten Mal: beendet durch SIGKILL\)/,
    );
    assert.equal(noticeWords("Nobody says this."), "Nobody says this.");
  } finally {
    useWords(null);
  }
});

test("values stand where the language wants them; what is not translated is English", () => {
  useWords({ "{0} of {1}": "von {1} {0}", odd: 3 });
  try {
    assert.equal(t("{0} of {1}", 2, "five"), "von five 2");
    assert.equal(t("odd"), "odd");
    assert.equal(t("{0} more", "{0}"), "{0} more");
  } finally {
    useWords(null);
  }
  assert.equal(t("{0} of {1}", 2, 5), "2 of 5");
});

test("findings are said in the user's language, and in English where they are handed on", () => {
  const known = new KnownProfile();
  known.route("GET", "/");
  known.window(known.worker(), 0, { latencies: Array.from({ length: 100 }, () => 1_000) });
  const report = toReport(known.profile());
  const quiet = {
    ...report,
    workers: report.workers.map((worker) => ({ ...worker, role: "peer" as const, loopUtilization: 0.12 })),
    findings: [],
  };
  const english = findingsOf(quiet);
  assert.match(english[0]?.title ?? "", /^Not bound by processors here: loops 12/);
  useWords(bundle);
  try {
    const [found] = findingsOf(quiet);
    assert.match(found?.title ?? "", /^Hier begrenzen nicht die Prozessoren: Schleifen zu 12/);
    assert.deepEqual(
      inEnglish(() => findingsOf(quiet)),
      english,
    );
    assert.throws(() =>
      inEnglish(() => {
        throw new Error("no");
      }),
    );
    assert.equal(t("Now"), "Jetzt");
  } finally {
    useWords(null);
  }
});

test("what is handed on has English numbers, and the user's come back, also after an error", () => {
  useLocale("de-DE");
  try {
    assert.equal(formatNumber(1_234), "1.234");
    assert.equal(
      inEnglish(() => formatNumber(1_234)),
      "1,234",
    );
    assert.throws(() =>
      inEnglish(() => {
        throw new Error("no");
      }),
    );
    assert.equal(formatNumber(9.8), "9,8");
  } finally {
    useLocale("en-US");
  }
});

test("a scope's label is English where it is kept and the user's where it is shown", () => {
  const profile = knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } });
  useWords(bundle);
  try {
    assert.equal(figuresOf(profile, 0).scope.label, "Whole session");
    assert.equal(scopeWords("Whole session"), "Ganze Aufnahme");
    assert.equal(scopeWords("Last 60 s"), "Letzte 60 s");
    assert.equal(scopeWords("Last 60 s measured"), "Letzte 60 s Messzeit");
    assert.equal(scopeWords("01:02–01:30"), "01:02–01:30");
  } finally {
    useWords(null);
  }
});

test("figures have their findings in English too; those of a file are said in the user's words, none less", () => {
  const profile = knownRun({ copied: 400_000, handOffs: 20, waits: { 20: 5_000, 30: 4_000 } });
  const english = figuresOf(profile, 0);
  assert.equal(english.englishFindings, undefined);
  assert.ok(english.report.findings.some(({ locations }) => locations.length > 0));
  useWords(bundle);
  useLocale("de-DE");
  try {
    const german = figuresOf(profile, 0);
    assert.deepEqual(german.englishFindings, english.report.findings);
    assert.notDeepEqual(german.report.findings, english.report.findings);
    assert.deepEqual(translated(english.report, []), german.report.findings);
    // A file lists the first hotspots whole, the others packed.
    const { hotspots } = english.report;
    const first = { ...english.report, hotspots: [] };
    assert.deepEqual(translated(first, hotspots), german.report.findings);
    // What can't be found anew is not lost.
    const kept = translated(first, []);
    assert.equal(kept.length, english.report.findings.length);
    assert.ok(kept.some((finding) => english.report.findings.includes(finding)));
    // Without a translation of the words numbers may differ.
    useWords(null);
    assert.deepEqual(figuresOf(profile, 0).englishFindings, english.report.findings);
    useLocale("en");
    assert.equal(figuresOf(profile, 0).englishFindings, undefined);
  } finally {
    useWords(null);
    useLocale("en-US");
  }
});

test("the walkthrough's pictures are there, and its commands and contexts are ours", () => {
  const { walkthroughs, commands } = manifest.contributes as {
    walkthroughs: { steps: { media: { image: Record<string, string> }; completionEvents: string[] }[] }[];
    commands: { command: string }[];
  };
  const steps = walkthroughs.flatMap((each) => each.steps);
  assert.equal(steps.length, 4);
  for (const { media, completionEvents } of steps) {
    const pictures = Object.values(media.image);
    for (const picture of pictures) assert.ok(existsSync(join(root, picture)), picture);
    assert.equal(new Set(pictures).size, 4, "one for each kind of theme");
    assert.ok(completionEvents.length > 0);
    for (const event of completionEvents) assert.match(event, /^on(?:Command|Context):darcy\.\w+$/);
  }
  const links = Object.values(english).flatMap((text) =>
    [...String(text).matchAll(/\(command:(darcy\.\w+)\)/g)].map(([, command]) => command),
  );
  for (const link of links)
    assert.ok(
      commands.some(({ command }) => command === link),
      link,
    );
});
