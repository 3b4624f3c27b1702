// Fuzzing: framing, validators and the profile's builder, as a connection uses them, without the socket.

import { InvalidInput } from "../../src/collector/narrow.ts";
import { PeerClock } from "../../src/collector/peerClock.ts";
import { validateMessage } from "../../src/collector/validateMessage.ts";
import { validateProfile } from "../../src/collector/validateProfile.ts";
import { ProfileBuilder } from "../../src/model/builder.ts";
import { toReport } from "../../src/model/report.ts";
import { toSeries } from "../../src/model/series.ts";
import { FrameError, FrameReader } from "../../src/protocol/framing.ts";
import type { Chance } from "./chance.ts";
import { Inputs } from "./inputs.ts";
import { MemoryWatch } from "./memory.ts";
import { FACTS, notFinite, type Outcome, WORKER } from "./outcome.ts";
import type { Traffic } from "./traffic.ts";

/** Then what has been let in has to make a recording that can be saved, read and reported. */
const INPUTS_A_RECORDING = 2_000;

export async function fuzzInProcess(traffic: Traffic, chance: Chance, count: number): Promise<Outcome> {
  const inputs = new Inputs(traffic, chance);
  const memory = new MemoryWatch();
  const began = performance.now();
  let [accepted, slowestMs] = [0, 0];
  let builder = freshBuilder(traffic);
  const clock = new PeerClock(builder.startedMicros);
  clock.shiftMicros = 0;
  for (let i = 1; i <= count; i++) {
    const bytes = inputs.next();
    // Of the processor: others may have the machine.
    const start = process.cpuUsage();
    try {
      feed(inputs.chunks(bytes), (message) => {
        if (message.type === "window") builder.addWindow(0, clock.place(message, builder.startedMicros));
        else if (message.type === "notice") builder.addNotice(message, builder.startedMicros);
        accepted++;
      });
    } catch (error) {
      if (!isRefusal(error)) throw new FuzzFailure(i, chance.seed, bytes, error);
    }
    const { user, system } = process.cpuUsage(start);
    slowestMs = Math.max(slowestMs, (user + system) / 1_000);
    if (i % INPUTS_A_RECORDING === 0) {
      checkRecording(builder);
      builder = freshBuilder(traffic);
    }
    if (i % Math.ceil(count / 4) === 0 || i === count) await memory.mark();
  }
  checkRecording(builder);
  return { inputs: count, accepted, seconds: (performance.now() - began) / 1000, slowestMs, memory };
}

type Message = ReturnType<typeof validateMessage>;

function feed(chunks: readonly Uint8Array[], receive: (message: Message) => void): void {
  const reader = new FrameReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (const chunk of chunks) {
    reader.push(chunk, (body) => receive(validateMessage(parse(decoder, body))));
  }
}

function parse(decoder: TextDecoder, body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    throw new InvalidInput("expected JSON");
  }
}

/** What a connection answers by dropping the peer; anything else that is thrown is a defect. */
function isRefusal(error: unknown): boolean {
  return error instanceof InvalidInput || error instanceof FrameError || error instanceof RangeError;
}

function freshBuilder({ messages }: Traffic): ProfileBuilder {
  const windows = messages.filter((message) => message.type === "window");
  const builder = new ProfileBuilder(FACTS, windows[0]?.startMicros ?? 0);
  builder.addWorker(WORKER);
  for (const window of windows) builder.addWindow(0, window);
  return builder;
}

function checkRecording(builder: ProfileBuilder): void {
  const ends = builder.snapshot(0).windows.map(({ endMicros }) => endMicros);
  const end = ends.reduce((latest, at) => Math.max(latest, at), builder.startedMicros);
  const profile = validateProfile(JSON.parse(JSON.stringify(builder.snapshot(end))));
  for (const figures of [toReport(profile), toSeries(profile, 500)]) {
    const place = notFinite(figures);
    if (place !== null) throw new Error(`A recording of fuzzed windows has no figure at ${place}.`);
  }
  if ("polluted" in {}) throw new Error("A prototype was changed.");
}

export class FuzzFailure extends Error {
  constructor(
    readonly input: number,
    readonly seed: number,
    bytes: Uint8Array,
    cause: unknown,
  ) {
    const start = Buffer.from(bytes.subarray(0, 2_000)).toString("base64");
    super(`Input ${input} of seed ${seed}, ${bytes.length} bytes, base64 ${start}`, { cause });
  }
}
