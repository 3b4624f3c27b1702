// Fuzzing: `.darcy` files: a real recording, cut, damaged on the disk, and changed by somebody who knows the format.

import { constants, gunzipSync, gzipSync } from "node:zlib";
import { type Front, openFront, packFront } from "../../src/collector/front.ts";
import { unpackProfile } from "../../src/collector/profileFile.ts";
import { UserError } from "../../src/common/errors.ts";
import { ProfileBuilder } from "../../src/model/builder.ts";
import type { Profile } from "../../src/model/profile.ts";
import { toReport } from "../../src/model/report.ts";
import { toSeries } from "../../src/model/series.ts";
import { figuresOf } from "../../src/recording/figures.ts";
import { frontOf } from "../../src/recording/front.ts";
import { formatText } from "../../src/report/text.ts";
import { resolveSources } from "../../src/sources/resolve.ts";
import type { Chance } from "./chance.ts";
import { FuzzFailure } from "./inProcess.ts";
import { MemoryWatch } from "./memory.ts";
import { mutateBytes } from "./mutateBytes.ts";
import { mutateJson } from "./mutateJson.ts";
import { FACTS, notFinite, type Outcome, WORKER } from "./outcome.ts";
import type { Traffic } from "./traffic.ts";

/** Of the processor: none of these is large. */
const MOST_MS = 5_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no recording may steer the terminal
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
/** Of so many files one has a front. */
const FRONT_EVERY = 4;
const FAST = { level: constants.Z_BEST_SPEED };

export async function fuzzRecordings(traffic: Traffic, chance: Chance, count: number): Promise<Outcome> {
  const profile = await recordingOf(traffic);
  const packed = gzipSync(JSON.stringify(profile), FAST);
  const front = await frontOf(profile, packed);
  const { report, series, scope, texts } = figuresOf(profile, 0);
  const figures: Front = { report, series, scope, texts, elapsedMs: 1_000, cwd: profile.cwd };
  const json = gunzipSync(packed);
  const text = json.toString();
  const memory = new MemoryWatch();
  const began = performance.now();
  let [accepted, slowestMs] = [0, 0];
  for (let i = 1; i <= count; i++) {
    const bytes =
      i % FRONT_EVERY === 0
        ? await frontedFile(figures, front, packed, chance)
        : fileOf(text, json, packed, chance);
    const start = process.cpuUsage();
    try {
      if (await isReadAndTold(bytes)) accepted++;
    } catch (error) {
      throw new FuzzFailure(i, chance.seed, bytes, error);
    }
    const { user, system } = process.cpuUsage(start);
    slowestMs = Math.max(slowestMs, (user + system) / 1_000);
    if (slowestMs > MOST_MS)
      throw new FuzzFailure(i, chance.seed, bytes, `It took ${Math.round(slowestMs)} ms.`);
    if (i % Math.ceil(count / 4) === 0 || i === count) await memory.mark();
  }
  return { inputs: count, accepted, seconds: (performance.now() - began) / 1000, slowestMs, memory };
}

/** The recording itself is whole: only what stands before it is not. */
async function frontedFile(
  figures: Front,
  front: Uint8Array,
  packed: Uint8Array,
  chance: Chance,
): Promise<Uint8Array> {
  const odd =
    chance.below(2) === 0
      ? mutateBytes(front, chance)
      : await packFront(JSON.parse(mutateJson(structuredClone(figures), chance)), null, packed).catch(
          () => front,
        );
  return Buffer.concat([odd, packed]);
}

async function recordingOf({ messages, hello }: Traffic): Promise<Profile> {
  const windows = messages.filter((message) => message.type === "window");
  const builder = new ProfileBuilder(FACTS, windows[0]?.startMicros ?? 0);
  builder.addWorker({ ...WORKER, pid: hello.pid, argv: hello.argv });
  for (const window of windows) builder.addWindow(0, window);
  return resolveSources(builder.snapshot(windows.at(-1)?.endMicros ?? 0));
}

function fileOf(text: string, json: Uint8Array, packed: Uint8Array, chance: Chance): Uint8Array {
  switch (chance.below(6)) {
    case 0:
      return mutateBytes(packed, chance);
    case 1:
      return packed.subarray(0, chance.below(packed.length));
    case 2:
      return gzipSync(mutateBytes(json, chance), FAST);
    default:
      return gzipSync(mutateJson(JSON.parse(text), chance), FAST);
  }
}

/** False for one that is refused as it should be. */
async function isReadAndTold(bytes: Uint8Array): Promise<boolean> {
  let profile: Profile;
  try {
    const front = await openFront(bytes);
    const place = front === null ? null : notFinite(front.report);
    if (place !== null) throw new Error(`There is no figure at ${place} of the front.`);
    profile = await unpackProfile("fuzzed.darcy", bytes);
  } catch (error) {
    if (error instanceof UserError && error.message.includes("fuzzed.darcy") && error.remedy !== "")
      return false;
    throw error;
  }
  const report = toReport(profile);
  for (const figures of [report, toSeries(profile, 500)]) {
    const place = notFinite(figures);
    if (place !== null) throw new Error(`There is no figure at ${place}.`);
  }
  const found = CONTROL.exec(formatText(report));
  if (found !== null)
    throw new Error(`Control character ${found[0].charCodeAt(0)} in the terminal's report.`);
  if ("polluted" in {}) throw new Error("A prototype was changed.");
  return true;
}
