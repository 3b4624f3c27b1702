// Model: the rests of a session as they are decided, bounded however long it runs.

import type { ProfileWindow, RestSpan } from "./profile.ts";

/** Past it neighbours are joined: a day and a half at two minutes each. */
export const MOST_RESTS = 1_000;

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

  /** Whether a window that has just come was measured in one. */
  cover({ startMicros, endMicros }: Pick<ProfileWindow, "startMicros" | "endMicros">): boolean {
    const last = this.spans.findLast(({ fromMicros }) => fromMicros <= startMicros);
    return last !== undefined && endMicros <= last.toMicros;
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
