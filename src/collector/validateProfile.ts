// Collector: narrows a profile that was read from a file: every list bounded, every index within its list.

import {
  type AllocatingPlace,
  type Frame,
  type FrameSource,
  type Origin,
  PROFILE_SCHEMA,
  type Profile,
  type ProfileNotice,
  type ProfileWindow,
  type RestSpan,
  type Worker,
} from "../model/profile.ts";
import { type DeepSite, type DeepSwitches, SWITCH_CAUSES } from "../protocol/deepSwitches.ts";
import { MAX_SOURCE_MAP_LENGTH, THREAD_CLASSES } from "../protocol/window.ts";
import {
  amount,
  type Check,
  clipped,
  flag,
  InvalidInput,
  list,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  tuple,
  whole,
} from "./narrow.ts";
import {
  ACTIVE_TOPOLOGIES,
  cellRows,
  chainRows,
  gcRows,
  heapKept,
  heapSizeRows,
  ioFigures,
  kind,
  lockBasis,
  lockKey,
  noticeCode,
  noticePlace,
  ownFigures,
  poolFigures,
  processFigures,
  requestRows,
  routeFactsRows,
  routeSampleRows,
  sampleRows,
  severity,
  threadFigures,
  waitRows,
} from "./validate.ts";
import { calibrationShape } from "./validateCalibration.ts";
import { profileTexts } from "./validateTexts.ts";

const MAX_WINDOWS = 1_000_000;
const MAX_ROWS = 1_000_000;
const MAX_PLACES = 10_000;
const MAX_RESTS = 10_000;
const DAY_MICROS = 24 * 60 * 60 * 1e6;
const MAX_SESSION_MICROS = 366 * DAY_MICROS;
/** Clocks are set and machines sleep; each process has a clock of its own. */
const CLOCK_SLACK_MICROS = DAY_MICROS;
const ORIGINS = ["user", "dependency", "runtime", "darcy", "unknown"] as const satisfies readonly Origin[];

const source = shape<FrameSource>({
  file: text(8_192),
  line: whole(),
  column: whole(),
  origin: oneOf(ORIGINS),
});
const place = shape<AllocatingPlace>({
  line: whole(),
  column: whole(),
  sizes: list(whole(), 64),
  range: nullable(tuple<readonly [number, number]>(whole(), whole())),
  builtIn: text(128),
  together: flag,
  unoptimised: list(whole(), 64),
  seldom: flag,
});
const frame = shape<Frame>({
  url: text(8_192),
  functionName: text(2_048),
  line: whole(),
  column: whole(),
  offset: whole(),
  async: flag,
  changedMs: optional(amount),
  source: nullable(source),
  allocates: optional(list(place, MAX_PLACES)),
});
const worker = shape<Worker>({
  peer: whole(),
  pid: whole(),
  threadId: whole(),
  role: oneOf(["peer", "thread", "child"] as const),
  startedMicros: amount,
  endedMicros: nullable(amount),
  port: nullable(whole(65_535)),
  argv: list(text(8_192), 1_000),
  startedBy: optional(whole()),
});
const windowShape = shape<ProfileWindow>({
  worker: whole(),
  startMicros: amount,
  endMicros: amount,
  restMicros: optional(amount),
  cells: cellRows,
  samples: sampleRows,
  waits: optional(waitRows),
  heapSizes: heapSizeRows(1_000_000),
  heapKept: heapKept(1_000_000),
  requests: requestRows,
  routeSamples: optional(routeSampleRows),
  routeFacts: optional(routeFactsRows),
  chains: optional(chainRows),
  io: optional(ioFigures),
  pool: optional(poolFigures),
  thread: threadFigures,
  process: nullable(processFigures),
  gc: gcRows,
  own: ownFigures,
});

const restSpans = list(shape<RestSpan>({ fromMicros: amount, toMicros: amount }), MAX_RESTS);
/** Each begins where the one before is over, so that no time is left out twice. */
const rests: Check<readonly RestSpan[]> = (value) => {
  const spans = restSpans(value);
  spans.forEach(({ fromMicros, toMicros }, at) => {
    if (toMicros < fromMicros || fromMicros < (spans[at - 1]?.toMicros ?? 0))
      throw new InvalidInput("expected rests one after the other");
  });
  return spans;
};

const isoDate: Check<string> = (value) => {
  const date = text(64)(value);
  if (Number.isNaN(Date.parse(date))) throw new InvalidInput("expected a date");
  return date;
};

const deepSwitches = shape<DeepSwitches>({
  switches: amount,
  durationMs: amount,
  requests: optional(amount),
  kernel: optional(nullable(amount)),
  sites: list(
    shape<DeepSite>({
      class: oneOf(THREAD_CLASSES),
      cause: oneOf(SWITCH_CAUSES),
      function: clipped(2_048),
      file: text(8_192),
      line: whole(),
      count: amount,
    }),
    20_000,
  ),
});

const commit: Check<string> = (value) => {
  const hash = text(64)(value);
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(hash)) throw new InvalidInput("expected a commit");
  return hash;
};

const profileShape = shape<Profile>({
  schema: oneOf([PROFILE_SCHEMA]),
  darcy: text(64),
  command: list(text(32_768), 1_000),
  cwd: text(8_192),
  startedAt: isoDate,
  startedMicros: amount,
  endedMicros: amount,
  measureFromMicros: amount,
  node: text(512),
  platform: text(512),
  arch: text(512),
  cores: whole(65_536),
  availableCores: optional(amount),
  commit: optional(commit),
  topology: oneOf(ACTIVE_TOPOLOGIES),
  calibration: nullable(calibrationShape),
  deepSwitches: optional(deepSwitches),
  operations: list(
    shape<Profile["operations"][number]>({ kind, callee: clipped(512), basis: optional(lockBasis) }),
    MAX_ROWS,
  ),
  lockKeys: optional(list(lockKey, MAX_ROWS)),
  frames: list(frame, MAX_ROWS),
  texts: optional(profileTexts),
  sourceMaps: optional(
    list(
      shape<NonNullable<Profile["sourceMaps"]>[number]>({
        url: text(8_192),
        map: text(MAX_SOURCE_MAP_LENGTH),
        changedMs: optional(amount),
      }),
      20_000,
    ),
  ),
  stacks: list(shape<Profile["stacks"][number]>({ parent: whole(), frame: whole() }), MAX_ROWS),
  routes: list(shape<Profile["routes"][number]>({ method: clipped(32), route: clipped(2_048) }), MAX_ROWS),
  workers: list(worker, 65_536),
  windows: list(windowShape, MAX_WINDOWS),
  rests: optional(rests),
  notices: list(
    shape<ProfileNotice>({
      code: noticeCode,
      severity,
      text: text(2_000),
      atMicros: amount,
      place: optional(
        shape<NonNullable<ProfileNotice["place"]>>({ ...noticePlace, changedMs: optional(amount) }),
      ),
    }),
    10_000,
  ),
  dropped: shape<Profile["dropped"]>({ windows: amount, samples: amount, frames: amount }),
});

/** @throws InvalidInput */
export function validateProfile(value: unknown): Profile {
  const profile = profileShape(value);
  checkStacks(profile);
  if (profile.endedMicros - profile.startedMicros > MAX_SESSION_MICROS)
    throw new InvalidInput("endedMicros: expected at most a year after startedMicros");
  for (const window of profile.windows) checkIndices(profile, window);
  return profile;
}

/** A stack's caller comes before it, so that no walk goes in circles. */
function checkStacks({ stacks, frames }: Profile): void {
  stacks.forEach(({ parent, frame }, i) => {
    if (i === 0) return;
    within("stacks: parent", parent, i);
    within("stacks: frame", frame, frames.length);
  });
}

function checkIndices(profile: Profile, window: ProfileWindow): void {
  if (window.endMicros < window.startMicros)
    throw new InvalidInput("windows: expected to end after they start");
  if (
    window.startMicros < profile.startedMicros - CLOCK_SLACK_MICROS ||
    window.endMicros > profile.endedMicros + CLOCK_SLACK_MICROS
  )
    throw new InvalidInput("windows: expected to be within the recording");
  within("windows: worker", window.worker, profile.workers.length);
  for (const [operation] of window.cells) within("cells: operation", operation, profile.operations.length);
  for (const [operation, , stack, holder] of window.samples) {
    within("samples: operation", operation, profile.operations.length);
    // 0 is "unknown", also where there are no stacks at all.
    within("samples: stack", stack, Math.max(1, profile.stacks.length));
    within("samples: holder", holder, Math.max(1, profile.stacks.length));
  }
  for (const [operation, stack, key, releaser] of window.waits ?? []) {
    within("waits: operation", operation, profile.operations.length);
    within("waits: stack", stack, Math.max(1, profile.stacks.length));
    within("waits: key", key, Math.max(1, profile.lockKeys?.length ?? 0));
    within("waits: releaser", releaser, Math.max(1, profile.stacks.length));
  }
  for (const [stack] of window.heapKept?.[1] ?? [])
    within("heapKept: stack", stack, Math.max(1, profile.stacks.length));
  for (const [stack] of window.heapSizes ?? [])
    within("heapSizes: stack", stack, Math.max(1, profile.stacks.length));
  for (const [route] of window.requests) within("requests: route", route, profile.routes.length);
  for (const [route] of window.routeFacts ?? []) within("routeFacts: route", route, profile.routes.length);
  for (const [operation, , stack, route] of window.routeSamples ?? []) {
    within("routeSamples: operation", operation, profile.operations.length);
    within("routeSamples: stack", stack, Math.max(1, profile.stacks.length));
    within("routeSamples: route", route, profile.routes.length);
  }
  for (const [route, , stations] of window.chains ?? []) {
    within("chains: route", route, profile.routes.length);
    for (const [operation, stack] of stations) {
      within("chains: operation", operation, profile.operations.length);
      within("chains: stack", stack, Math.max(1, profile.stacks.length));
    }
  }
}

function within(place: string, index: number, length: number): void {
  if (index >= length) throw new InvalidInput(`${place}: expected less than ${length}`);
}
