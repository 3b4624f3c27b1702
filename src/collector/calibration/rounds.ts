// Calibration: how many rounds there are. Pure.

/** Since the process started: its own start counts, the user waits for it too. */
const DEADLINE_MS = 900;
/** What ending takes: the last round, the worker, the process. */
const MARGIN_MS = 60;
export const LAST_ROUND_MS = DEADLINE_MS - MARGIN_MS;
export const ROUNDS = 20;
/** A machine that is busy meanwhile gets that far later, if at all: of code that is not compiled yet prices are many times too high. */
const LEAST_ROUNDS = 5;
const LATEST_MS = 3_000;

/** Whether there is another round. @param rounds so far, without those to warm up @param millis since the process started */
export function goesOn(rounds: number, millis: number): boolean {
  return rounds < ROUNDS && millis < (rounds < LEAST_ROUNDS ? LATEST_MS : LAST_ROUND_MS);
}
