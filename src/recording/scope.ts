// Recording: which span of a session the figures cover. Pure.

import type { Glance } from "../model/builder.ts";
import { said } from "../model/l10n.ts";
import { MeasuredClock } from "../model/measuredTime.ts";
import type { Profile, ProfileWindow } from "../model/profile.ts";
import { runStarts } from "../model/restarts.ts";
import type { Range } from "../protocol/panel.ts";

/** Without a request for so long, the figures stay at the last one. */
const QUIET_MICROS = 5e6;

export interface LiveScope {
  readonly fromMicros: number;
  readonly toMicros: number;
  /** In English (`scopeWords`). */
  readonly label: string;
}

/**
 * With 0 everything after the warm-up, else the last so many measured seconds: of the server that runs now, once it has had a
 * request, as one that was started anew may run other lines; from the first request on, and up to the last one where the server has gone quiet since, or has gone. Idle time would thin the rate and charge the idle loop's work to the
 * requests; the label then says of when the figures are. Over a rest it says that only measured time counts.
 * @param glances at windows that are not in the profile yet
 */
export function scopeOf(profile: Profile, seconds: number, glances: readonly Glance[] = []): LiveScope {
  let first = Math.max(profile.startedMicros, profile.measureFromMicros);
  const seen = { lists: [profile.windows, glances], rests: profile.rests };
  const whole = edges(seen, first);
  if (seconds === 0) return { fromMicros: first, toMicros: whole.end, label: said("Whole session") };
  const started = runStarts(profile).at(-1) ?? first;
  const ofLastRun = started > first ? edges(seen, started) : whole;
  if (ofLastRun.firstRequest !== null) first = Math.max(first, started);
  const { end, firstRequest, lastRequest } = ofLastRun.firstRequest === null ? whole : ofLastRun;
  const quiet = lastRequest !== null && (isGone(profile) || quietFrom(seen, lastRequest, end));
  const to = quiet ? lastRequest : end;
  const from = Math.max(first, firstRequest ?? first, startOf(seen, first, to, seconds * 1e6));
  const clock = (micros: number) => formatClock((micros - profile.startedMicros) / 1e6);
  if (quiet) return { fromMicros: from, toMicros: to, label: `${clock(from)}–${clock(to)}` };
  // One that goes on counts, too: nothing comes in it. Earlier versions' recordings don't tell of any.
  const rested = profile.rests?.some(({ toMicros }) => toMicros > from) ?? to - from > seconds * 1e6;
  return {
    fromMicros: from,
    toMicros: to,
    label: rested ? `Last ${seconds} s measured` : `Last ${seconds} s`,
  };
}

/** A span that the reader chose. Warm-up is not counted in any case. */
export function fixedScope(profile: Profile, { fromMs, toMs }: Range): LiveScope {
  return {
    fromMicros: profile.startedMicros + fromMs * 1_000,
    toMicros: profile.startedMicros + toMs * 1_000,
    label: `${formatClock(fromMs / 1_000)}–${formatClock(toMs / 1_000)}`,
  };
}

type Span = Pick<ProfileWindow, "worker" | "startMicros" | "endMicros" | "restMicros" | "requests">;
interface Seen {
  readonly lists: readonly (readonly Span[])[];
  readonly rests: Profile["rests"];
}

/** All workers have ended, and no other one has come since. */
function isGone({ workers, endedMicros: now }: Profile): boolean {
  return workers.every(({ endedMicros }) => endedMicros !== null && now - endedMicros > QUIET_MICROS);
}

/** Of what ends at `from` or later. */
function clockFrom({ lists, rests }: Seen, from: number, to: number): MeasuredClock {
  return new MeasuredClock(
    lists.flatMap((list) =>
      list.filter(({ startMicros, endMicros }) => endMicros >= from && startMicros < to),
    ),
    rests,
  );
}

/** Whether more than `QUIET_MICROS` were measured between the two. */
function quietFrom(seen: Seen, from: number, to: number): boolean {
  // The first windows tell, whatever came after them.
  for (let on = 2 * QUIET_MICROS; to - from > QUIET_MICROS; on *= 2) {
    const clock = clockFrom(seen, from, Math.min(to, from + on));
    if (clock.measuredTo(clock.endMicros) - clock.measuredTo(from) > QUIET_MICROS) return true;
    if (from + on >= to) break;
  }
  return false;
}

/** From which on so many microseconds were measured up to `to`, after a rest rather than before; `first` where there were fewer. */
function startOf(seen: Seen, first: number, to: number, micros: number): number {
  for (let back = micros; ; back *= 2) {
    const clock = clockFrom(seen, Math.max(first, to - back), to);
    const until = clock.measuredTo(to) - micros;
    if (until >= 0) return lastAt(clock, until, to);
    if (!(to - back > first)) return first;
  }
}

/** The last moment at which the clock stands there. */
function lastAt(clock: MeasuredClock, micros: number, before: number): number {
  let from = clock.startMicros;
  for (let later = before; later - from > 1; ) {
    const middle = Math.floor((from + later) / 2);
    if (clock.measuredTo(middle) <= micros) from = middle;
    else later = middle;
  }
  return from;
}

interface Edges {
  readonly end: number;
  readonly firstRequest: number | null;
  readonly lastRequest: number | null;
}

/** By windows, and what they are looked at from: a growing profile is looked at more often than it grows. */
const knownEdges = new WeakMap<readonly Span[], Map<number, Edges>>();

function edges({ lists }: Seen, first: number): Edges {
  return lists
    .map((list) => edgesOf(list, first))
    .reduce((a, b) => ({
      end: Math.max(a.end, b.end),
      firstRequest: either(Math.min, a.firstRequest, b.firstRequest),
      lastRequest: either(Math.max, a.lastRequest, b.lastRequest),
    }));
}

function either(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : of(a, b);
}

function edgesOf(list: readonly Span[], first: number): Edges {
  const ofList = knownEdges.get(list) ?? new Map<number, Edges>();
  knownEdges.set(list, ofList);
  const known = ofList.get(first);
  if (known !== undefined) return known;
  let end = first;
  let firstRequest: number | null = null;
  let lastRequest: number | null = null;
  for (const { startMicros, endMicros, requests } of list) {
    end = Math.max(end, endMicros);
    if (requests.length === 0 || endMicros <= first) continue;
    firstRequest = Math.min(firstRequest ?? startMicros, startMicros);
    lastRequest = Math.max(lastRequest ?? endMicros, endMicros);
  }
  const edges = { end, firstRequest, lastRequest };
  ofList.set(first, edges);
  return edges;
}

/** `02:48`, `1:02:48`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return whole < 3_600 ? minutes : `${Math.floor(whole / 3_600)}:${minutes}`;
}
