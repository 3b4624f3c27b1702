// Recording, analysis: the other end of the thread that has a recording open.

import { Worker } from "node:worker_threads";
import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";
import type { Answer, Question, QuestionName, Questions } from "./messages.ts";

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

  /** @param file the built `thread.ts` */
  constructor(file: string) {
    this.#thread = new Worker(file, {
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

/** What is to stand before a recording's bytes in its file, made in a thread of its own; empty where it can't be made. */
export async function frontInThread(
  threadFile: string,
  packed: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array> {
  const analysis = new Analysis(threadFile);
  try {
    return await analysis.ask("front", { packed });
  } catch (error) {
    // The recording is whole without it, and opens more slowly.
    onFault(error);
    return new Uint8Array(0);
  } finally {
    analysis.dispose();
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
