// Benchmark of the panel: times between the frames that are drawn while the list scrolls, and what the page's main thread does
// for each, by Chromium's trace.

import type { Browser, Page } from "playwright-core";

const STEPS = 300;
const STEP_PIXELS = 180;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's processor time, microseconds. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
}

const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "blink.user_timing",
  "toplevel",
];

/** Processor time of the page's main thread while `act` runs, milliseconds. */
export async function mainThreadMillis(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<number> {
  const events = await traced(browser, page, async () => {
    await page.evaluate(() => performance.mark("main-thread"));
    await act();
  });
  const mark = events.find(({ name }) => name === "main-thread");
  if (mark === undefined) throw new Error("The trace does not tell the page's thread.");
  return tasksOf(events, mark).reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1_000;
}

/** The same from the message on that `panel.paint` posts: how the state came into the page is the test's own affair. */
export async function millisFromMessage(
  browser: Browser,
  page: Page,
  paint: () => Promise<void>,
): Promise<number> {
  const events = await traced(browser, page, paint);
  const mark = events.find(({ name }) => name === "message");
  if (mark === undefined) throw new Error("The trace does not tell when the message came.");
  const after = tasksOf(events, mark).filter(({ ts }) => ts >= mark.ts);
  return after.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1_000;
}

export async function traced(
  browser: Browser,
  page: Page,
  act: () => Promise<unknown>,
): Promise<TraceEvent[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  return traceEvents;
}

/** Tasks of the thread that set the mark; none within another. */
export function tasksOf(events: readonly TraceEvent[], { pid, tid }: TraceEvent): TraceEvent[] {
  const tasks = events
    .filter((each) => each.ph === "X" && each.pid === pid && each.tid === tid && /RunTask$/.test(each.name))
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  let end = Number.NEGATIVE_INFINITY;
  return tasks.filter(({ ts, dur = 0 }) => {
    if (ts < end) return false;
    end = ts + dur;
    return true;
  });
}

/** Milliseconds: between frames by the clock, and of the main thread's processor time in each. */
export async function scrollFrames(
  browser: Browser,
  page: Page,
): Promise<{ readonly frames: number[]; readonly main: number[] }> {
  const events = await traced(browser, page, () =>
    page.evaluate(
      ({ steps, pixels }) =>
        new Promise<void>((done) => {
          let step = 0;
          performance.mark("scroll-begin");
          const next = () => {
            window.scrollBy({ top: pixels, behavior: "instant" });
            performance.mark("scroll-step");
            if (++step < steps) requestAnimationFrame(next);
            else done();
          };
          requestAnimationFrame(next);
        }),
      { steps: STEPS, pixels: STEP_PIXELS },
    ),
  );
  const steps = events.filter(({ name }) => name === "scroll-step").sort((a, b) => a.ts - b.ts);
  const [first] = steps;
  if (first === undefined) throw new Error("The trace has no frame.");
  const tasks = tasksOf(events, first);
  const frames: number[] = [];
  const main: number[] = [];
  for (const [at, { ts }] of steps.entries()) {
    const next = steps[at + 1];
    if (next === undefined) break;
    frames.push((next.ts - ts) / 1_000);
    const begun = tasks.filter((task) => task.ts >= ts && task.ts < next.ts);
    main.push(begun.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1_000);
  }
  return { frames, main };
}
