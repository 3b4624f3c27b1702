// Recording, analysis: the other end of the thread that has a recording open.

import { Worker } from "node:worker_threads";
import { UserError } from "../../common/errors.ts";
import { language, t } from "../../model/l10n.ts";
import type { Answer, Language, Question, QuestionName, Questions } from "./messages.ts";

/** A recording of the builder's limits takes about half of it. */
const MOST_HEAP_MB = 4_096;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class Analysis {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #over: Error | null = null;

  /**
   * @param file the built `thread.ts`
   * @param language left out: English
   */
  constructor(file: string, language: Language | null = null) {
    this.#thread = new Worker(file, {
      workerData: language,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
      execArgv: [],
    });
    this.#thread.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("value" in answer) waiting?.resolve(answer.value);
      else if (answer.remedy === null) waiting?.reject(new Error(answer.error));
      else waiting?.reject(new UserError(answer.error, answer.remedy));
    });
    this.#thread.on("error", (error: NodeJS.ErrnoException) => this.#end(reasonOf(error)));
    this.#thread.on("exit", () => this.#end(new Error("The analysis has ended.")));
  }

  /** One after the other, in the order asked. @throws UserError where the recording is at fault */
  ask<K extends QuestionName>(name: K, ask: Questions[K]["ask"]): Promise<Questions[K]["answer"]> {
    return new Promise((resolve, reject) => {
      if (this.#over !== null) return reject(this.#over);
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#thread.postMessage({ id, name, ask } as Question);
    });
  }

  #end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#over);
    this.#waiting.clear();
  }

  /** What is still asked for is rejected. */
  dispose(): void {
    this.#end(new Error("The analysis was ended."));
    void this.#thread.terminate();
  }
}

/**
 * One question, to a thread of its own, in the user's language.
 * @param signal ends it early, and with it the thread
 * @throws UserError where the recording is at fault
 */
export async function askOnce<K extends QuestionName>(
  threadFile: string,
  name: K,
  ask: Questions[K]["ask"],
  signal?: AbortSignal,
): Promise<Questions[K]["answer"]> {
  signal?.throwIfAborted();
  const analysis = new Analysis(threadFile, language());
  const end = () => analysis.dispose();
  signal?.addEventListener("abort", end, { once: true });
  try {
    return await analysis.ask(name, ask);
  } finally {
    signal?.removeEventListener("abort", end);
    analysis.dispose();
  }
}

/** What is to stand before a recording's bytes in its file, made in a thread of its own; empty where it can't be made. */
export async function frontInThread(
  threadFile: string,
  packed: Uint8Array,
  onFault: (error: unknown) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await askOnce(threadFile, "front", { packed }, signal);
  } catch (error) {
    // The recording is whole without it, and opens more slowly.
    if (signal?.aborted !== true) onFault(error);
    return new Uint8Array(0);
  }
}

function reasonOf(error: NodeJS.ErrnoException): Error {
  return error.code === "ERR_WORKER_OUT_OF_MEMORY"
    ? new UserError(
        t("The recording takes more memory than there is for it."),
        t("Record for a shorter time, or with fewer workers."),
        { cause: error },
      )
    : error;
}
