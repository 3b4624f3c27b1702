// Runtime: whether the thread's loop has stood still. Its windows then grow instead of being cut twice a second,
// so that an idle server pays for a quarter of them.

import { performance } from "node:perf_hooks";

// Our own, before fake timers replace them.

const eventLoopUtilization = performance.eventLoopUtilization.bind(performance);
const now = performance.now.bind(performance);
const { nodeTiming } = performance;

/** The longest window of an idle thread. */
const LONGEST_MILLIS = 2_000;
/** Of the time since the last window; looking takes a twentieth of it. */
const BUSY_SHARE = 0.01;

/** Events that the loop has got from the kernel, timers left out; null on a Node that does not count them. */
function loopEvents(): number | null {
  const { uvMetricsInfo } = nodeTiming as { uvMetricsInfo?: { events: number } };
  return uvMetricsInfo?.events ?? null;
}

export class Idleness {
  private at = now();
  private active = eventLoopUtilization().active;
  private events = loopEvents();

  /** A window was cut: from here. */
  restart(): void {
    this.at = now();
    this.active = eventLoopUtilization().active;
    this.events = loopEvents();
  }

  /** One of the events that came in was our own. */
  ownEvent(): void {
    if (this.events !== null) this.events++;
  }

  /** Nothing came in since `restart`, next to nothing ran, and that is not long ago. */
  get holds(): boolean {
    const millis = now() - this.at;
    if (millis >= LONGEST_MILLIS) return false;
    if (this.events === null || loopEvents() !== this.events) return false;
    return eventLoopUtilization().active - this.active < BUSY_SHARE * millis;
  }
}
