// Recording, analysis, entry of a thread of its own: has one recording open and answers for it, or answers one question about some,
// so that the extension host goes on meanwhile, and a file that is too much for any memory ends this thread and nothing else.

import { parentPort, workerData } from "node:worker_threads";
import { readProfile, unpackProfile } from "../../collector/profileFile.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { viewOf } from "../../model/compare/view.ts";
import { inEnglish, useLocale, useWords } from "../../model/l10n.ts";
import type { Profile } from "../../model/profile.ts";
import { figuresOf } from "../figures.ts";
import { frontOf } from "../front.ts";
import { comparisonBytes, exportBytes } from "./exported.ts";
import type { Answer, Language, Question, Questions, Stored, Two } from "./messages.ts";
import { OpenedProfile } from "./opened.ts";
import { comparedText, hotspotText, hotspotTexts } from "./texts.ts";

const language = workerData as Language | null;
if (language !== null) {
  useWords(language.words);
  useLocale(language.locale);
}

let opened: OpenedProfile | null = null;
function open(): OpenedProfile {
  if (opened === null) throw new Error("No recording is open.");
  return opened;
}

// What is read was resolved when it was saved. To read files that a stranger's file names, maybe on another machine, would be no
// use and a risk.
const read = (stored: Stored): Promise<Profile> =>
  "file" in stored ? readProfile(stored.file) : unpackProfile("the recording", stored.packed);

/** One after the other: what is needed to read one is gone before the next. */
async function both({ before, after }: Two): Promise<[Profile, Profile]> {
  return [await readProfile(before), await readProfile(after)];
}

async function answerTo(question: Question): Promise<Questions[Question["name"]]["answer"]> {
  const { name, ask } = question;
  switch (name) {
    case "open": {
      const profile = await readProfile(ask.file);
      opened = new OpenedProfile(profile);
      return { elapsedMs: (profile.endedMicros - profile.startedMicros) / 1_000, cwd: profile.cwd };
    }
    case "figures":
      return open().figures(ask.range);
    case "details":
      return open().details(ask.range, ask.site, ask.view);
    case "front": {
      const recording = await read(ask);
      return frontOf(recording, ask.packed);
    }
    case "report": {
      const recording = await read(ask);
      return { report: inEnglish(() => figuresOf(recording, 0).report), cwd: recording.cwd };
    }
    case "exported":
      return exportBytes(await read(ask.recording), ask.format, ask.name, ask.distFolder);
    case "compared": {
      const [old, now] = await both(ask);
      return { ...viewOf(old, now), cwds: [now.cwd, old.cwd] };
    }
    case "comparedPage": {
      const [old, now] = await both(ask);
      return comparisonBytes(
        { profile: old, path: ask.before },
        { profile: now, path: ask.after },
        ask.distFolder,
      );
    }
    case "comparedText":
      return comparedText(...(await both(ask)), ask.reader);
    case "hotspots":
      return hotspotTexts(await read(ask), ask.top, ask.category);
    case "hotspot":
      return hotspotText(await read(ask), ask.rank);
  }
}

let answered: Promise<void> = Promise.resolve();
parentPort?.on("message", (question: Question) => {
  answered = answered.then(async () => {
    const { id } = question;
    let answer: Answer;
    try {
      answer = { id, value: await answerTo(question) };
    } catch (error) {
      const safe = error instanceof UserError;
      answer = { id, error: safe ? error.message : errorText(error), remedy: safe ? error.remedy : null };
    }
    parentPort?.postMessage(answer);
  });
});
