// Runtime: how long the thread's loop did not wait for events: computing, or ready to.

import { performance } from "node:perf_hooks";

// Our own, taken before the user's code (or its fake timers) can replace it.
const eventLoopUtilization = performance.eventLoopUtilization.bind(performance);

export class ActiveTime {
  private told = eventLoopUtilization().active;

  /** Microseconds since the last call. */
  take(): number {
    const { active } = eventLoopUtilization();
    const millis = active - this.told;
    this.told = active;
    return millis * 1000;
  }
}
