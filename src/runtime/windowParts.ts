// Runtime: the parts of a window that are not the meter's: what probes told, and what measuring cost.

import type { OwnFigures, WindowMessage } from "../protocol/window.ts";
import type { Faults } from "./faults.ts";
import type { WindowDraft } from "./probes/probe.ts";
import type { Meter } from "./sampling/meter.ts";
import type { StackTable } from "./sampling/stackTable.ts";
import type { Client } from "./transport/client.ts";

/** Microseconds since the epoch. @param start, end by this thread's clock, milliseconds */
export function spanOf(start: number, end: number): Pick<WindowMessage, "startMicros" | "endMicros"> {
  const micros = (millis: number) => Math.round((performance.timeOrigin + millis) * 1000);
  return { startMicros: micros(start), endMicros: micros(end) };
}

type OfDraft = "heapSizes" | "heapKept" | "requests" | "routeSamples" | "routeFacts" | "chains" | "io";
/** What there is nothing of is left out. */
export function toldBy(
  draft: WindowDraft,
): Pick<WindowMessage, OfDraft | "thread" | "process" | "pool" | "gc"> {
  return {
    ...(draft.heapSizes.length > 0 ? { heapSizes: draft.heapSizes } : {}),
    ...(draft.heapKept === undefined ? {} : { heapKept: draft.heapKept }),
    requests: draft.requests,
    ...(draft.routeSamples === undefined ? {} : { routeSamples: draft.routeSamples }),
    ...(draft.routeFacts === undefined ? {} : { routeFacts: draft.routeFacts }),
    ...(draft.chains === undefined ? {} : { chains: draft.chains }),
    ...(draft.io === undefined ? {} : { io: draft.io }),
    thread: draft.thread,
    process: draft.process,
    ...(draft.pool === undefined ? {} : { pool: draft.pool }),
    gc: draft.gc,
  };
}

/** Since the last call. @param known the rest of it */
export function takeOwn(
  stacks: StackTable,
  meter: Meter,
  client: Client,
  faults: Faults,
  known: Pick<OwnFigures, "windowMicros" | "heapWindowMicros" | "droppedSamples">,
): OwnFigures {
  const own = {
    ...known,
    stackMicros: stacks.captureMicros + meter.sizingMicros,
    stacks: stacks.captures,
    droppedWindows: client.droppedMessages,
    droppedSamples: known.droppedSamples + stacks.overflowed,
    faults: faults.take(),
  };
  stacks.captureMicros = 0;
  meter.sizingMicros = 0;
  stacks.captures = 0;
  stacks.overflowed = 0;
  client.droppedMessages = 0;
  return own;
}
