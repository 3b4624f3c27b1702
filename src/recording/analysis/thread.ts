// Recording, analysis, entry of a thread of its own: has one recording open and answers for it, so that the extension host goes
// on meanwhile, and a file that is too much for any memory ends this thread and nothing else.

import { parentPort } from "node:worker_threads";
import { readProfile, unpackProfile } from "../../collector/profileFile.ts";
import { errorText, UserError } from "../../common/errors.ts";
import { useLocale, useWords } from "../../model/l10n.ts";
import type { Profile } from "../../model/profile.ts";
import type { Range } from "../../protocol/panel.ts";
import { type Figures, figuresOf } from "../figures.ts";
import { frontOf } from "../front.ts";
import { listed } from "./listed.ts";
import type { Answer, Question, Questions } from "./messages.ts";

let profile: Profile | null = null;
/** Of the span that was asked for last. */
let shown: { readonly range: Range | null; readonly figures: Figures } | null = null;

function figuresIn(range: Range | null): Figures {
  if (profile === null) throw new Error("No recording is open.");
  const { fromMs, toMs } = shown?.range ?? {};
  if (shown === null || fromMs !== range?.fromMs || toMs !== range?.toMs)
    shown = { range, figures: figuresOf(profile, 0, range) };
  return shown.figures;
}

async function answerTo(question: Question): Promise<Questions[Question["name"]]["answer"]> {
  switch (question.name) {
    case "open": {
      // Its sources were resolved when it was saved. To read files that a stranger's file names, maybe on another
      // machine, would be no use and a risk.
      profile = await readProfile(question.ask.file);
      if (question.ask.language !== undefined) {
        useWords(question.ask.language.words);
        useLocale(question.ask.language.locale);
      }
      return { elapsedMs: (profile.endedMicros - profile.startedMicros) / 1_000, cwd: profile.cwd };
    }
    case "figures":
      return listed(figuresIn(question.ask.range));
    case "details":
      return figuresIn(question.ask.range).details(question.ask.site, question.ask.view);
    case "front": {
      const { packed } = question.ask;
      return frontOf(await unpackProfile("the recording", packed), packed);
    }
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
