// Model: what Darcy costs the server while it measures, by what a request cost it in the rest before: of one process under one
// load, so that it is seen whatever it is that costs.

import type { ComparedOverhead } from "../protocol/report.ts";
import type { Profile, ProfileWindow } from "./profile.ts";

/** Of each side of a comparison: fewer tell nothing of what one costs. */
const LEAST_REQUESTS = 100;
const LEAST_RESTS = 3;
/** Of a 95 % interval, Student's, from two degrees of freedom on. */
const STUDENT = [4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];
const NORMAL = 1.96;

/** A process between two rests, and in a stretch of the first. */
interface Spell {
  rests: number;
  requests: number;
  micros: number;
  /** Its threads that requests came to, and those that told of the rest. */
  readonly serving: Set<number>;
  readonly looked: Set<number>;
  plainRequests: number;
  /** Null: its main thread has told nothing. */
  plainMicros: number | null;
}

/**
 * Null where no spell follows a rest that was looked at, with requests enough in both.
 * @param windows of the scope
 */
export function comparedOverhead(
  { rests = [], workers }: Pick<Profile, "rests" | "workers">,
  windows: readonly ProfileWindow[],
): ComparedOverhead | null {
  if (rests.length === 0) return null;
  const spells = new Map<number, Map<number, Spell>>();
  for (const window of windows) {
    const at = restBefore(rests, window);
    const ofRest = spells.get(at) ?? new Map<number, Spell>();
    spells.set(at, ofRest);
    const pid = workers[window.worker]?.pid ?? 0;
    const spell = ofRest.get(pid) ?? {
      rests: 0,
      requests: 0,
      micros: 0,
      serving: new Set(),
      looked: new Set(),
      plainRequests: 0,
      plainMicros: null,
    };
    ofRest.set(pid, spell);
    add(spell, window);
  }
  return joined([...spells.values()].flatMap((ofRest) => pairOf([...ofRest.values()]) ?? []));
}

/** The index of the rest before a window's middle, -1 for none. */
function restBefore(rests: NonNullable<Profile["rests"]>, { startMicros, endMicros }: ProfileWindow): number {
  const middle = (startMicros + endMicros) / 2;
  let [low, high] = [0, rests.length];
  while (low < high) {
    const at = (low + high) >> 1;
    if ((rests[at]?.fromMicros ?? 0) <= middle) low = at + 1;
    else high = at;
  }
  return low - 1;
}

function add(spell: Spell, { worker, requests, process, own: { plain } }: ProfileWindow): void {
  for (const [, count] of requests) spell.requests += count;
  if (requests.length > 0) spell.serving.add(worker);
  spell.micros += process?.cpuMicros ?? 0;
  if (plain === undefined) return;
  spell.looked.add(worker);
  spell.plainRequests += plain.requests;
  if (plain.cpuMicros === null) return;
  spell.plainMicros = (spell.plainMicros ?? 0) + plain.cpuMicros;
  spell.rests += plain.rests;
}

/** What was spent, and what the same requests would have cost in the rest. */
interface Pair {
  readonly rests: number;
  readonly micros: number;
  readonly expected: number;
}

/** Of all processes of a spell: each against itself. */
function pairOf(spells: readonly Spell[]): Pair | null {
  const known = spells.filter(
    ({ plainMicros, plainRequests, requests, serving, looked }) =>
      plainMicros !== null &&
      plainMicros > 0 &&
      Math.min(plainRequests, requests) >= LEAST_REQUESTS &&
      [...serving].every((worker) => looked.has(worker)),
  );
  if (known.length === 0) return null;
  const sum = (of: (spell: Spell) => number) => known.reduce((all, spell) => all + of(spell), 0);
  return {
    rests: Math.max(...known.map(({ rests }) => rests)),
    micros: sum(({ micros }) => micros),
    expected: sum(
      ({ requests, plainMicros, plainRequests }) => (requests * (plainMicros ?? 0)) / plainRequests,
    ),
  };
}

function joined(pairs: readonly Pair[]): ComparedOverhead | null {
  const expected = pairs.reduce((sum, pair) => sum + pair.expected, 0);
  if (expected <= 0) return null;
  const ratio = pairs.reduce((sum, pair) => sum + pair.micros, 0) / expected;
  const squares = pairs.reduce((sum, pair) => sum + (pair.micros - ratio * pair.expected) ** 2, 0);
  const n = pairs.length;
  const quantile = STUDENT[n - LEAST_RESTS] ?? NORMAL + 2.4 / (n - 1);
  return {
    ratio,
    halfWidth: n < LEAST_RESTS ? null : (quantile * Math.sqrt((squares * n) / (n - 1))) / expected,
    rests: pairs.reduce((sum, pair) => sum + pair.rests, 0),
  };
}
