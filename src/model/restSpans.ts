// Model: the rests of a session as they are decided, bounded however long it runs.

import type { ProfileWindow, RestSpan } from "./profile.ts";

/** Past it neighbours are joined: three days at four minutes each. */
export const MOST_RESTS = 1_000;

/** Of a window that was measured: whoever is told to rest answers after what it is at. */
const MOST_WITHIN_MICROS = 1e6;

type Place = "measured" | "resting" | "late";

export class RestSpans {
  private spans: RestSpan[] = [];

  /** After the earlier ones. */
  begin(fromMicros: number, toMicros: number): void {
    this.spans.push({ fromMicros, toMicros });
    if (this.spans.length <= MOST_RESTS) return;
    // The older half only, as of windows.
    const half = MOST_RESTS >> 1;
    this.spans = [...joinPairs(this.spans.slice(0, half)), ...this.spans.slice(half)];
  }

  /** The newest one, if it would last longer. */
  end(atMicros: number): void {
    const last = this.spans.at(-1);
    if (last === undefined || atMicros >= last.toMicros) return;
    this.spans[this.spans.length - 1] = { ...last, toMicros: Math.max(last.fromMicros, atMicros) };
  }

  /**
   * What a window that has just come is of. `resting`: a thread that came in a rest tells of time that is not measured;
   * `late`: one computed into a rest, for so long that it can't be told apart what of it was before.
   */
  placeOf({ startMicros, endMicros }: Pick<ProfileWindow, "startMicros" | "endMicros">): Place {
    const rest = this.spans.findLast(({ fromMicros }) => fromMicros < endMicros);
    if (rest === undefined) return "measured";
    const within = Math.min(endMicros, rest.toMicros) - Math.max(startMicros, rest.fromMicros);
    if (within > 0 && within >= endMicros - startMicros) return "resting";
    return within > MOST_WITHIN_MICROS ? "late" : "measured";
  }

  /** As far as they lie before it. */
  until(endMicros: number): readonly RestSpan[] {
    return this.spans
      .filter(({ fromMicros }) => fromMicros < endMicros)
      .map(({ fromMicros, toMicros }) => ({ fromMicros, toMicros: Math.min(toMicros, endMicros) }));
  }
}

/** Each pair as one that is as long, at the later one's end: the spell between them as if it came before. */
function joinPairs(spans: readonly RestSpan[]): RestSpan[] {
  const joined: RestSpan[] = [];
  for (let at = 0; at < spans.length; at += 2) {
    const first = spans[at] as RestSpan;
    const second = spans[at + 1] ?? null;
    if (second === null) joined.push(first);
    else {
      const fromMicros = second.fromMicros - (first.toMicros - first.fromMicros);
      joined.push({ fromMicros, toMicros: second.toMicros });
    }
  }
  return joined;
}
