// Recording: which span of a session the figures cover. Pure.

import type { Glance } from "../model/builder.ts";
import { said } from "../model/l10n.ts";
import type { Profile } from "../model/profile.ts";
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
 * With 0 everything after the warm-up, else the last so many seconds: from the first request on, and up to the last
 * one where the server has gone quiet since. Idle time would thin the rate and charge the idle loop's work to the
 * requests; the label then says of when the figures are.
 * @param glances at windows that are not in the profile yet
 */
export function scopeOf(profile: Profile, seconds: number, glances: readonly Glance[] = []): LiveScope {
  const first = Math.max(profile.startedMicros, profile.measureFromMicros);
  const { end, firstRequest, lastRequest } = edges([profile.windows, glances], first);
  if (seconds === 0) return { fromMicros: first, toMicros: end, label: said("Whole session") };
  const label = `Last ${seconds} s`;
  if (lastRequest === null) return { fromMicros: Math.max(first, end - seconds * 1e6), toMicros: end, label };
  const quiet = end - lastRequest > QUIET_MICROS;
  const to = quiet ? lastRequest : end;
  const from = Math.max(first, firstRequest ?? first, to - seconds * 1e6);
  const clock = (micros: number) => formatClock((micros - profile.startedMicros) / 1e6);
  return { fromMicros: from, toMicros: to, label: quiet ? `${clock(from)}–${clock(to)}` : label };
}

/** A span that the reader chose. Warm-up is not counted in any case. */
export function fixedScope(profile: Profile, { fromMs, toMs }: Range): LiveScope {
  return {
    fromMicros: profile.startedMicros + fromMs * 1_000,
    toMicros: profile.startedMicros + toMs * 1_000,
    label: `${formatClock(fromMs / 1_000)}–${formatClock(toMs / 1_000)}`,
  };
}

function edges(lists: readonly (readonly Omit<Glance, "worker">[])[], first: number) {
  let end = first;
  let firstRequest: number | null = null;
  let lastRequest: number | null = null;
  for (const list of lists)
    for (const { startMicros, endMicros, requests } of list) {
      end = Math.max(end, endMicros);
      if (requests.length === 0 || endMicros <= first) continue;
      firstRequest = Math.min(firstRequest ?? startMicros, startMicros);
      lastRequest = Math.max(lastRequest ?? endMicros, endMicros);
    }
  return { end, firstRequest, lastRequest };
}

/** `02:48`, `1:02:48`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return whole < 3_600 ? minutes : `${Math.floor(whole / 3_600)}:${minutes}`;
}
