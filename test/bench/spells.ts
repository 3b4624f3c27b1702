// Benchmark: one server left on: what a request costs it in a spell, in a rest, and in the seconds in which the one becomes the
// other. Both are of one process, so that what V8 makes of one and the same server, which differs by some per cent between
// processes, is in neither.

import { existsSync } from "node:fs";
import { readProfile } from "../../src/collector/profileFile.ts";
import { DEFAULT_REST } from "../../src/collector/sessionOptions.ts";
import type { ProfileWindow } from "../../src/model/profile.ts";
import type { Load } from "./client.ts";
import { cpuMillis } from "./cpu.ts";
import { median } from "./statistics.ts";

const SECOND_MILLIS = 1_000;

interface Reading {
  /** Since the epoch. */
  readonly atMicros: number;
  readonly cpuMillis: number;
  readonly requests: number;
}

/** Medians over seconds, microseconds of processor time a request; NaN where there was no such second. */
export interface Spells {
  readonly spell: number;
  readonly rest: number;
  /** The mean: what happens once has no middle. */
  readonly edges: number;
  /** How many seconds each. */
  readonly seconds: readonly [spell: number, rest: number, edges: number];
}

/** What a request costs over a spell and a rest of the usual lengths, with both edges, as a part of what it costs in the rest. */
export function leftOn({ spell, rest, edges, seconds: [, , edgeSeconds] }: Spells): number {
  const { spellMillis, restMillis } = DEFAULT_REST;
  const atEdges = edgeSeconds === 0 ? 0 : edgeSeconds * SECOND_MILLIS * (edges / rest - 1);
  return 1 + (spellMillis * (spell / rest - 1) + atEdges) / (spellMillis + restMillis);
}

/** Reads once a second, until it is stopped. */
export class Seconds {
  private readonly readings: Reading[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    private readonly load: Load,
  ) {
    this.read();
    this.timer = setInterval(() => this.read(), SECOND_MILLIS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async spells(profile: string): Promise<Spells | null> {
    return existsSync(profile) ? spellsOf(this.readings, (await readProfile(profile)).windows) : null;
  }

  private read(): void {
    this.readings.push({
      atMicros: Date.now() * 1_000,
      cpuMillis: cpuMillis(this.pid),
      requests: this.load.requests,
    });
  }
}

type Times = Pick<ProfileWindow, "startMicros" | "endMicros" | "restMicros">;

/** Of windows that were joined over a rest it is not known where in them it was: their seconds are none of the three. */
export function spellsOf(readings: readonly Reading[], windows: readonly Times[]): Spells {
  const inSpells: number[] = [];
  const inRests: number[] = [];
  const atEdges: number[] = [];
  for (const [index, later] of readings.entries()) {
    const earlier = readings[index - 1];
    if (earlier === undefined || later.requests === earlier.requests) continue;
    const within = windows.filter(
      ({ startMicros, endMicros }) => endMicros > earlier.atMicros && startMicros < later.atMicros,
    );
    if (within.some(({ restMicros = 0 }) => restMicros > 0)) continue;
    const micros = ((later.cpuMillis - earlier.cpuMillis) * 1_000) / (later.requests - earlier.requests);
    if (within.length === 0) inRests.push(micros);
    else if (covers(within, earlier.atMicros, later.atMicros)) inSpells.push(micros);
    else atEdges.push(micros);
  }
  return {
    spell: median(inSpells),
    rest: median(inRests),
    edges: atEdges.reduce((sum, micros) => sum + micros, 0) / atEdges.length,
    seconds: [inSpells.length, inRests.length, atEdges.length],
  };
}

/** Windows of one thread follow each other; between them is less than this. */
const LEAST_REST_MICROS = 100_000;

function covers(windows: readonly Times[], from: number, to: number): boolean {
  let covered = from;
  for (const { startMicros, endMicros } of [...windows].sort((a, b) => a.startMicros - b.startMicros)) {
    if (startMicros - covered > LEAST_REST_MICROS) return false;
    covered = Math.max(covered, endMicros);
  }
  return to - covered <= LEAST_REST_MICROS;
}
