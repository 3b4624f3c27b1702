// Page, entry of a worker: has the page's recording open and answers for it by the panel's own model, so that the page goes on
// meanwhile.

import type { Profile } from "../model/profile.ts";
import type { Answer, Question } from "../recording/analysis/messages.ts";
import { OpenedProfile } from "../recording/analysis/opened.ts";
import { unpack } from "./unpack.ts";

/** Comes before all questions: the recording as it stands in the page. */
export interface OpenMessage {
  readonly packed: string;
}
export type SpanQuestion = Extract<Question, { name: "figures" | "details" }>;

let opened: Promise<OpenedProfile> | null = null;

self.addEventListener("message", ({ data }: MessageEvent<OpenMessage | SpanQuestion>) => {
  if ("packed" in data) opened = open(data.packed);
  else void answer(data);
});

async function open(packed: string): Promise<OpenedProfile> {
  return new OpenedProfile((await unpack(packed).json()) as Profile);
}

async function answer({ id, name, ask }: SpanQuestion): Promise<void> {
  try {
    const recording = await opened;
    if (recording === null) throw new Error("No recording is open.");
    if (name === "details") return send({ id, value: recording.details(ask.range, ask.site, ask.view) });
    const figures = recording.figures(ask.range);
    const { others } = figures;
    send({ id, value: figures }, others === null ? [] : [others.numbers.buffer, others.routes.buffer]);
  } catch (error) {
    send({ id, error: String(error), remedy: null });
  }
}

function send(answer: Answer, transfer: ArrayBufferLike[] = []): void {
  self.postMessage(answer, { transfer: transfer as ArrayBuffer[] });
}
