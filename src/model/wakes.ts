// Model: why each loop went on after it had slept: the kernel's voluntary switches of its thread, held against the events that
// libuv counted and against what is known to have brought them. Counts alone; which event ended a sleep nobody tells.

import type { WakeCause, WakesReport } from "../protocol/loops.ts";
import { DEFAULT_SAMPLING } from "../protocol/sessionFile.ts";
import type { GcRow } from "../protocol/window.ts";
import { measuredMicros } from "./measuredTime.ts";
import type { Profile, ProfileWindow } from "./profile.ts";
import type { Scope } from "./scope.ts";

/** Of a loop: what libuv counted in so much time. */
interface Turns {
  events: number;
  eventsWaiting: number;
  micros: number;
}

/** Of one thread, over the windows that know both the kernel's count and libuv's. */
interface Counts extends Turns {
  voluntary: number;
  turns: number;
  /** Of these, in windows in which the whole heap was collected. */
  readonly collecting: Turns;
  requests: number;
  connections: number;
  jobs: number;
  processes: number;
  /** Sent by it. */
  messages: number;
  processMessages: number;
  immediates: number;
  blockingCalls: number;
  collections: number;
  /** Small jobs of Darcy's own, each begun by a timer. */
  checks: number;
}

/** Index into the profile's workers to its wakes; a thread without figures is not in it. */
export function wakesOf(
  profile: Pick<Profile, "workers" | "operations">,
  { windows }: Pick<Scope, "windows">,
): Map<number, WakesReport> {
  const counts = new Map<number, Counts>();
  for (const window of windows) count(profile.operations, counts, window);
  return new Map(
    [...counts].map(([index, own]) => [index, reconcile(own, received(profile.workers, counts, index))]),
  );
}

function count(operations: Profile["operations"], counts: Map<number, Counts>, window: ProfileWindow): void {
  const { voluntary, loopIterations, loopEvents, loopEventsWaiting } = window.thread;
  if (voluntary === null || loopIterations === null || loopEvents === null) return;
  if (loopEventsWaiting === null || loopEventsWaiting === undefined) return;
  const sums = counts.get(window.worker) ?? emptyCounts();
  counts.set(window.worker, sums);
  sums.voluntary += voluntary;
  sums.turns += loopIterations;
  for (const of of window.gc.some(isWhole) ? [sums, sums.collecting] : [sums]) {
    of.events += loopEvents;
    of.eventsWaiting += loopEventsWaiting;
    of.micros += measuredMicros(window);
  }
  sums.connections += window.process?.accepted ?? 0;
  sums.checks += window.pool?.[4] ?? 0;
  for (const row of window.requests) sums.requests += row[1];
  for (const row of window.gc) sums.collections += row[1];
  for (const row of window.cells) {
    const operation = operations[row[0]];
    if (operation === undefined) continue;
    const { kind, callee, basis } = operation;
    const times = row[2];
    const amount = row[3];
    if (kind === "round trip") sums.jobs += amount / 2;
    else if (kind === "hand-off" && callee === "process.send") sums.processMessages += times;
    else if (kind === "hand-off") sums.messages += times;
    else if (kind === "hop") sums.immediates += times;
    // Synchronous ones wait in a loop of their own.
    else if (kind === "process" && !callee.endsWith("Sync")) sums.processes += times;
    else if (basis === "blocking" || callee === "Atomics.wait") sums.blockingCalls += times;
  }
}

function isWhole([kind, collections]: GcRow): boolean {
  return (kind === "major" || kind === "incremental") && collections > 0;
}

/** Messages that came to a thread, by what the others sent: nobody counts them where they arrive. */
function received(workers: Profile["workers"], counts: ReadonlyMap<number, Counts>, index: number): number {
  const self = workers[index];
  const own = counts.get(index);
  if (self === undefined || own === undefined) return 0;
  const others = [...counts].flatMap(([at, sums]) => {
    const worker = workers[at];
    return worker === undefined || at === index ? [] : [{ worker, sums }];
  });
  const threads = others.filter(({ worker }) => worker.pid === self.pid);
  if (self.threadId > 0) {
    const main = threads.find(({ worker }) => worker.threadId === 0);
    const siblings = threads.filter(({ worker }) => worker.threadId > 0);
    return (main?.sums.messages ?? 0) * partOf(own, siblings);
  }
  // Between processes: the one that was there first has started the others of its peer.
  const family = others.filter(
    ({ worker }) => worker.peer === self.peer && worker.pid !== self.pid && worker.threadId === 0,
  );
  const parent = family.find(({ worker }) => worker.startedMicros < self.startedMicros);
  const fromProcesses =
    parent === undefined
      ? total(family, (sums) => sums.processMessages)
      : parent.sums.processMessages *
        partOf(
          own,
          family.filter((other) => other !== parent),
        );
  return total(threads, (sums) => sums.messages) + fromProcesses;
}

function reconcile(own: Counts, messages: number): WakesReport {
  const { voluntary, turns, events, eventsWaiting } = own;
  const byEvent = Math.min(voluntary, Math.max(0, events - eventsWaiting));
  const { jobs, processes } = own;
  const rest = voluntary - byEvent;
  const inTurnAtMost =
    jobs + own.messages + own.processMessages + messages + own.blockingCalls + own.collections;
  const byTimer = timersOf(own, rest, inTurnAtMost);
  const ownTimers = Math.min(byTimer, own.micros / 1000 / DEFAULT_SAMPLING.windowMillis + own.checks);
  const inTurn = rest - byTimer;
  const sleepsInTurn = Math.min(inTurn, inTurnAtMost);
  const brought: [WakeCause, number][] = [
    ["request", own.requests],
    ["connection", own.connections],
    ["pool job", jobs],
    ["message", messages],
    ["process", processes],
    ["Darcy", own.checks],
  ];
  const known = brought.reduce((sum, [, times]) => sum + times, 0);
  const byKnown = knownWakes(own, known, byEvent);
  const wakesEach = known > 0 ? byKnown / known : 0;
  const wakes = new Map<WakeCause, number>(brought.map(([cause, times]) => [cause, times * wakesEach]));
  const happened = new Map<WakeCause, number>(brought);
  wakes.set("Darcy", (wakes.get("Darcy") ?? 0) + ownTimers);
  happened.delete("Darcy");
  wakes.set("timer", byTimer - ownTimers);
  wakes.set("within a turn", sleepsInTurn);
  wakes.set("other event", byEvent - byKnown);
  happened.set("other event", Math.max(0, events - known));
  wakes.set("unknown", inTurn - sleepsInTurn);
  const open = (wakes.get("other event") ?? 0) + (wakes.get("unknown") ?? 0);
  return {
    count: voluntary,
    perSecond: own.micros > 0 ? (voluntary * 1e6) / own.micros : 0,
    turns,
    events,
    eventsWaiting,
    causes: [...wakes]
      .filter(([, times]) => times > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([cause, times]) => ({ cause, wakes: times, happened: happened.get(cause) ?? null })),
    explained: voluntary > 0 ? 1 - open / voluntary : null,
  };
}

/**
 * Of the sleeps that an event ended, those that known ones ended: all kinds are taken to have been waiting equally often. But
 * while V8 collects the whole heap, most others are its own tasks, which a turn makes for the next one: they end no sleep.
 */
function knownWakes(own: Counts, known: number, byEvent: number): number {
  const { collecting, events, eventsWaiting, micros } = own;
  const ended = events - eventsWaiting;
  if (known <= 0 || ended <= 0) return 0;
  const inCollecting = micros > 0 ? known * (collecting.micros / micros) : 0;
  const endedInCollecting = collecting.events - collecting.eventsWaiting;
  const calm = { events: events - collecting.events, ended: ended - endedInCollecting };
  // Several jobs, messages or requests may come as one event.
  const inCalm = Math.min(known - inCollecting, calm.events);
  const wakes =
    Math.min(inCollecting, endedInCollecting) + (calm.events > 0 ? (inCalm * calm.ended) / calm.events : 0);
  return Math.min(byEvent, (wakes * byEvent) / ended);
}

/**
 * A turn without an event is a timer's, or an immediate's, which did not sleep. How many turns immediates had is known only
 * to lie between none and as many as there were: in between, what is known to sleep within turns comes first.
 */
function timersOf({ turns, events, immediates }: Counts, rest: number, inTurnAtMost: number): number {
  const most = Math.max(0, Math.min(rest, turns - events));
  const least = Math.max(0, Math.min(rest, turns - events - immediates));
  return Math.max(least, Math.min(most, rest - inTurnAtMost));
}

/** Of what was sent to several, as they got events. */
function partOf(own: Counts, others: readonly { readonly sums: Counts }[]): number {
  const all = own.events + total(others, ({ events }) => events);
  return all > 0 ? own.events / all : 0;
}

function total(list: readonly { readonly sums: Counts }[], of: (sums: Counts) => number): number {
  return list.reduce((sum, { sums }) => sum + of(sums), 0);
}

function emptyCounts(): Counts {
  return {
    voluntary: 0,
    turns: 0,
    events: 0,
    eventsWaiting: 0,
    micros: 0,
    collecting: { events: 0, eventsWaiting: 0, micros: 0 },
    requests: 0,
    connections: 0,
    jobs: 0,
    processes: 0,
    messages: 0,
    processMessages: 0,
    immediates: 0,
    blockingCalls: 0,
    collections: 0,
    checks: 0,
  };
}
