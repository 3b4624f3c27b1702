// Recording: how often figures are made anew, so that they stay cheap however much there is to compute. Pure.

/** The pause after a computation: at least so long, and so many times the processor time that it took. */
export interface Pace {
  readonly leastMillis: number;
  readonly times: number;
}
/** All figures: a seventieth of a core at the most. */
export const WHOLE: Pace = { leastMillis: 1_000, times: 70 };
/** Nobody sees the panel: marks beside the code and the status bar are left. */
export const WHOLE_UNSEEN: Pace = { leastMillis: 2_000, times: 100 };
/** Exact figures alone: a hundredth. */
export const REFRESH: Pace = { leastMillis: 100, times: 100 };

/** By processor time: on a busy machine the clock goes on while nothing is computed. Milliseconds. */
export function pauseAfter(began: NodeJS.CpuUsage, { leastMillis, times }: Pace): number {
  const { user, system } = process.cpuUsage(began);
  return Math.max(leastMillis, (times * (user + system)) / 1_000);
}
