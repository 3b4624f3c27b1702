// Model: grows a profile from the workers' windows: turns each connection's ids into the profile's own, keeps
// everything bounded, and hands out immutable snapshots. Pure: knows no socket and no clock.

import type { Calibration } from "../protocol/calibration.ts";
import type { ActiveTopology } from "../protocol/sessionFile.ts";
import type {
  GlanceMessage,
  HeapKept,
  HeapKeptRow,
  HeapSizeRow,
  RequestRow,
  SampleRow,
  WaitRow,
  WindowMessage,
} from "../protocol/window.ts";
import type { NoticeMessage, NoticePlace } from "../protocol/wire.ts";
import { IdSpace, Tables } from "./idSpace.ts";
import { OrderedWindows } from "./orderedWindows.ts";
import {
  PROFILE_SCHEMA,
  type Profile,
  type ProfileNotice,
  type ProfileWindow,
  type Worker,
} from "./profile.ts";
import { RestSpans } from "./restSpans.ts";
import { translateRoutes } from "./routeRows.ts";
import { bound, type WindowLimits, WindowList } from "./windowList.ts";

export interface BuilderLimits extends WindowLimits {
  readonly workers: number;
  readonly notices: number;
}
export const DEFAULT_LIMITS: BuilderLimits = {
  workers: 10_000,
  notices: 200,
  windowsPerWorker: 2_400,
  samplesPerWorker: 400_000,
  windows: 48_000,
  rows: 3_000_000,
};

export type ProfileFacts = Pick<
  Profile,
  "darcy" | "command" | "cwd" | "cores" | "availableCores" | "commit" | "platform" | "arch" | "node"
>;

interface Entry {
  worker: Worker;
  readonly ids: IdSpace;
  readonly list: WindowList;
  lastSequence: number;
  glance: Glance | null;
  /** What began before, and has no answer, is left out. */
  servesFromMicros: number;
}
/** What takes longer until it listens did other work. */
const LONGEST_START_MICROS = 60e6;

/** Of a worker's window that has not come yet: it comes with it again, and is in no snapshot. */
export type Glance = Pick<ProfileWindow, "worker" | "startMicros" | "endMicros" | "requests">;

export class ProfileBuilder {
  node: string;
  topology: ActiveTopology = "single";
  calibration: Calibration | null = null;
  startedMicros: number;
  measureFromMicros: number;
  readonly rests = new RestSpans();
  private readonly tables = new Tables();
  private readonly entries: Entry[] = [];
  private readonly copies = new Map<readonly unknown[], readonly unknown[]>();
  private readonly windows = new OrderedWindows();
  private readonly notices: ProfileNotice[] = [];
  private readonly dropped = { windows: 0, samples: 0, frames: 0 };

  constructor(
    private readonly facts: ProfileFacts,
    startedMicros: number,
    private readonly limits: BuilderLimits = DEFAULT_LIMITS,
    /** Of a script that a process runs which was started then (`Frame`). */
    private readonly changedMs: (url: string, startedMicros: number) => number | undefined = () => undefined,
  ) {
    this.node = facts.node;
    this.startedMicros = startedMicros;
    this.measureFromMicros = startedMicros;
  }

  get workers(): readonly Worker[] {
    return this.entries.map(({ worker }) => worker);
  }

  /** The worker's index, or null when there are too many. */
  addWorker(worker: Worker): number | null {
    if (this.entries.length >= this.limits.workers) return null;
    this.entries.push({
      worker,
      ids: new IdSpace(this.tables),
      list: new WindowList(),
      lastSequence: -1,
      glance: null,
      servesFromMicros: 0,
    });
    return this.entries.length - 1;
  }

  updateWorker(index: number, change: Partial<Worker>): void {
    const entry = this.entry(index);
    entry.worker = { ...entry.worker, ...change };
  }

  /**
   * Takes in a worker's window; null when it was there already, or is of a rest: a thread that came in it, or is slow to
   * rest, tells of time that is not measured.
   * @throws RangeError when its ids are not in order: what it says can't be trusted
   */
  addWindow(index: number, message: WindowMessage): ProfileWindow | null {
    const entry = this.entry(index);
    if (message.sequence <= entry.lastSequence) return null;
    const { startedMicros } = entry.worker;
    this.dropped.frames += entry.ids.learn((url) => this.changedMs(url, startedMicros), message);
    entry.lastSequence = message.sequence;
    entry.glance = null;
    const window = this.translate(index, entry.ids, message);
    this.dropped.windows += message.own.droppedWindows;
    this.dropped.samples += message.own.droppedSamples;
    const place = this.rests.placeOf(window);
    if (place === "late") this.dropped.windows++;
    if (place !== "measured" || isStart(window, entry)) return null;
    const { lists } = this;
    const changes = changesOf(lists);
    entry.list.add(window);
    this.dropped.samples += bound(entry.list, lists, this.limits, this.measureFromMicros);
    if (changesOf(lists) === changes) this.windows.add(window);
    else this.windows.forget();
    return window;
  }

  /**
   * It listens now, while others are measured: what it did until then, its process's threads with it, was its start, which
   * is no cost a request. As with the first one's, before `measureFromMicros`.
   */
  serves(index: number, atMicros: number): void {
    const { worker: server } = this.entry(index);
    if (atMicros - server.startedMicros > LONGEST_START_MICROS) return;
    for (const [at, entry] of this.entries.entries()) {
      const { pid, role, endedMicros } = entry.worker;
      const isHelper =
        server.threadId === 0 && pid === server.pid && role === "thread" && endedMicros === null;
      if (at !== index && !isHelper) continue;
      entry.servesFromMicros = atMicros;
      entry.list.keep(({ endMicros }) => endMicros <= this.measureFromMicros);
      this.windows.forget();
    }
  }

  glance(index: number, { startMicros, endMicros, routes, requests }: GlanceMessage): void {
    const entry = this.entry(index);
    const untold = new Map(routes.map(([id, method, route]) => [id, this.tables.route(method, route)]));
    const rows = requests.map(
      ([id, ...rest]): RequestRow => [untold.get(id) ?? this.routeOf(entry.ids, id), ...rest],
    );
    entry.glance = { worker: index, startMicros, endMicros, requests: rows };
  }

  /** Of the workers that live. */
  get glances(): readonly Glance[] {
    return this.entries.flatMap(({ glance, worker }) =>
      glance === null || worker.endedMicros !== null ? [] : [glance],
    );
  }

  /**
   * Null when it was told before.
   * @param index of the worker that tells, null where none does
   */
  addNotice(
    { code, severity, text, place }: Omit<NoticeMessage, "type">,
    atMicros: number,
    index: number | null = null,
  ): ProfileNotice | null {
    const known = this.notices.some((notice) => notice.code === code && notice.text === text);
    if (known || this.notices.length >= this.limits.notices) return null;
    const placed =
      place === undefined || index === null ? {} : { place: this.withChange(place, this.entry(index)) };
    const notice = { code, severity, text, atMicros, ...placed };
    this.notices.push(notice);
    return notice;
  }

  private withChange(place: NoticePlace, { worker }: Entry): NonNullable<ProfileNotice["place"]> {
    const changed = this.changedMs(place.url, worker.startedMicros);
    return changed === undefined ? place : { ...place, changedMs: changed };
  }

  snapshot(endedMicros: number): Profile {
    return {
      schema: PROFILE_SCHEMA,
      ...this.facts,
      node: this.node,
      startedAt: new Date(this.startedMicros / 1_000).toISOString(),
      startedMicros: this.startedMicros,
      endedMicros,
      measureFromMicros: Math.min(this.measureFromMicros, endedMicros),
      topology: this.topology,
      calibration: this.calibration,
      operations: this.copyOf(this.tables.operations),
      frames: this.copyOf(this.tables.frames),
      ...this.sourceMaps(),
      stacks: this.copyOf(this.tables.stacks),
      ...(this.tables.lockKeys.length > 1 ? { lockKeys: this.copyOf(this.tables.lockKeys) } : {}),
      routes: this.copyOf(this.tables.routes),
      workers: this.workers,
      windows: this.windows.of(this.lists),
      rests: this.rests.until(endedMicros),
      notices: [...this.notices],
      dropped: { ...this.dropped },
    };
  }

  /** The same one again until the list has grown: entries are never changed. */
  private copyOf<T>(list: readonly T[]): readonly T[] {
    const known = this.copies.get(list) as readonly T[] | undefined;
    if (known?.length === list.length) return known;
    const copy = [...list];
    this.copies.set(list, copy);
    return copy;
  }

  /** Left out when nothing is compiled in memory. */
  private sourceMaps(): Pick<Profile, "sourceMaps"> {
    const maps = this.tables.sourceMaps.all;
    return maps.length === 0 ? {} : { sourceMaps: maps };
  }

  private get lists(): WindowList[] {
    return this.entries.map(({ list }) => list);
  }

  private entry(index: number): Entry {
    const entry = this.entries[index];
    if (entry === undefined) throw new RangeError(`There is no worker ${index}.`);
    return entry;
  }

  private translate(worker: number, ids: IdSpace, message: WindowMessage): ProfileWindow {
    const cells = message.cells.flatMap(([operation, ...rest]) => {
      const known = ids.operations.get(operation);
      return known === undefined ? [] : [[known, ...rest] as const];
    });
    const samples: SampleRow[] = [];
    for (const [operation, sizeClass, stack, holder, ...rest] of message.samples) {
      const known = ids.operations.get(operation);
      if (known === undefined) this.dropped.samples += rest[0];
      else samples.push([known, sizeClass, ids.stacks.get(stack) ?? 0, ids.stacks.get(holder) ?? 0, ...rest]);
    }
    const requests = message.requests.map(
      ([route, ...rest]): RequestRow => [this.routeOf(ids, route), ...rest],
    );
    const heapSizes = message.heapSizes?.map(
      ([stack, ...rest]): HeapSizeRow => [ids.stacks.get(stack) ?? 0, ...rest],
    );
    const heapKept = message.heapKept && translateKept(ids, message.heapKept);
    const { startMicros, endMicros, thread, process, pool, gc, own } = message;
    const waits = message.waits === undefined ? {} : { waits: translateWaits(ids, message.waits) };
    const routes = translateRoutes(ids, (id) => this.routeOf(ids, id), message);
    return {
      worker,
      startMicros,
      endMicros,
      cells,
      samples,
      ...waits,
      ...(heapSizes === undefined ? {} : { heapSizes }),
      ...(heapKept === undefined ? {} : { heapKept }),
      requests,
      ...routes,
      thread,
      process,
      ...(pool === undefined ? {} : { pool }),
      gc,
      own,
    };
  }

  private routeOf(ids: IdSpace, id: number): number {
    return ids.routes.get(id) ?? this.tables.route("", "(unknown)");
  }
}

function changesOf(lists: readonly WindowList[]): number {
  return lists.reduce((sum, { changes }) => sum + changes, 0);
}

/** Where it has answered in the same window, that counts: with it the end of its start. */
function isStart({ startMicros, requests }: ProfileWindow, { servesFromMicros }: Entry): boolean {
  return startMicros < servesFromMicros && requests.length === 0;
}

function translateWaits(ids: IdSpace, rows: readonly WaitRow[]): WaitRow[] {
  return rows.flatMap(([operation, stack, key, releaser, ...rest]): WaitRow[] => {
    const known = ids.operations.get(operation);
    if (known === undefined) return [];
    return [
      [known, ids.stacks.get(stack) ?? 0, ids.lockKeys.get(key) ?? 0, ids.stacks.get(releaser) ?? 0, ...rest],
    ];
  });
}

function translateKept(ids: IdSpace, [allocated, rows]: HeapKept): HeapKept {
  return [allocated, rows.map(([stack, ...rest]): HeapKeptRow => [ids.stacks.get(stack) ?? 0, ...rest])];
}
