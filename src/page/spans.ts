// Page: the other end of the worker that has the page's recording open. Its script stands in the page, so that a page that came as a
// file can start it: there is no other address that a browser would take it from.

import type { Answer, Questions } from "../recording/analysis/messages.ts";
import type { SpanAsked } from "../recording/spanAnswers.ts";
import type { OpenMessage, SpanQuestion } from "./worker.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The worker runs, and the recording is at fault. */
export class Damaged extends Error {}

export class Spans implements SpanAsked {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #over: Error | null = null;

  /** @throws where the place that the page comes from lets it start none; some say so by rejecting what is asked */
  constructor(script: string, packed: string) {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    this.#worker = new Worker(address);
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("value" in data) waiting?.resolve(data.value);
      else waiting?.reject(new Damaged(data.error));
    });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#over = new Error(event.message);
      for (const { reject } of this.#waiting.values()) reject(this.#over);
      this.#waiting.clear();
    });
    this.#worker.postMessage({ packed } satisfies OpenMessage);
  }

  ask<K extends SpanQuestion["name"]>(name: K, ask: Questions[K]["ask"]): Promise<Questions[K]["answer"]> {
    return new Promise((resolve, reject) => {
      if (this.#over !== null) return reject(this.#over);
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#worker.postMessage({ id, name, ask } as SpanQuestion);
    });
  }
}
