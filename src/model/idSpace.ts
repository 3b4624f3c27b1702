// Model: the profile's tables, and one connection's ids seen through them. Every connection counts its own ids
// up from the start; here the same operation, frame, stack or route of all of them becomes one entry.

import type { Kind, LockBasis } from "../protocol/categories.ts";
import type { WindowMessage } from "../protocol/window.ts";
import { originOfUrl } from "./origin.ts";
import type { Frame, Profile } from "./profile.ts";
import { SentMaps } from "./sentMaps.ts";

const MAX_OPERATIONS = 4_096;
const MAX_FRAMES = 200_000;
const MAX_STACKS = 500_000;
const MAX_ROUTES = 5_000;
const MAX_LOCK_KEYS = 5_000;
const FRAME_SPAN = 2 ** 20;
/** What every route past the bound becomes. */
const OTHER_ROUTES = "(other)";

/** What all workers share. An entry, once made, is never changed: snapshots share it, and it may key a cache. */
export class Tables {
  readonly operations: Profile["operations"][number][] = [];
  /** Index 0 is none. */
  readonly lockKeys = [""];
  readonly frames: Frame[] = [];
  /** Index 0 is the root; its `frame` means nothing. */
  readonly stacks: { readonly parent: number; readonly frame: number }[] = [{ parent: 0, frame: 0 }];
  readonly routes: { readonly method: string; readonly route: string }[] = [];
  readonly sourceMaps = new SentMaps();
  private readonly operationIds = new Map<string, number>();
  private readonly frameIds = new Map<string, number>();
  private readonly stackIds = new Map<number, number>();
  private readonly routeIds = new Map<string, number>();
  private readonly lockKeyIds = new Map<string, number>();

  operation(kind: Kind, callee: string, basis?: LockBasis): number | null {
    const key = `${kind}\n${callee}\n${basis ?? ""}`;
    return intern(this.operationIds, key, this.operations, MAX_OPERATIONS, () => ({
      kind,
      callee,
      ...(basis === undefined ? {} : { basis }),
    }));
  }

  /** 0, none, past the bound. */
  lockKey(key: string): number {
    return intern(this.lockKeyIds, key, this.lockKeys, MAX_LOCK_KEYS, () => key) ?? 0;
  }

  frame(frame: Omit<Frame, "source">): number | null {
    const { url, functionName, line, column, offset, async, changedMs } = frame;
    // The offset tells frames apart only where there is no line: heap samples have a line and no offset.
    const place = line > 0 ? `${line}:${column}` : `@${offset}`;
    const key = `${url}\n${functionName}\n${place}\n${async ? 1 : 0}\n${changedMs ?? ""}`;
    return intern(this.frameIds, key, this.frames, MAX_FRAMES, () => ({ ...frame, source: null }));
  }

  stack(parent: number, frame: number): number | null {
    return intern(this.stackIds, parent * FRAME_SPAN + frame, this.stacks, MAX_STACKS, () => ({
      parent,
      frame,
    }));
  }

  route(method: string, route: string): number {
    const make = () => ({ method, route });
    const room = route === OTHER_ROUTES ? Number.POSITIVE_INFINITY : MAX_ROUTES;
    return (
      intern(this.routeIds, `${method} ${route}`, this.routes, room, make) ?? this.route("", OTHER_ROUTES)
    );
  }
}

function intern<K, T>(
  ids: Map<K, number>,
  key: K,
  entries: T[],
  maximum: number,
  make: () => T,
): number | null {
  const known = ids.get(key);
  if (known !== undefined) return known;
  if (entries.length >= maximum) return null;
  ids.set(key, entries.length);
  entries.push(make());
  return entries.length - 1;
}

/** A connection's ids to the profile's. */
export class IdSpace {
  readonly operations = new Map<number, number>();
  readonly stacks = new Map<number, number>([[0, 0]]);
  readonly routes = new Map<number, number>();
  readonly lockKeys = new Map<number, number>();
  private readonly scripts = new Map<number, Pick<Frame, "url" | "changedMs">>();
  private readonly frames = new Map<number, number>();
  private readonly last = { operations: -1, scripts: -1, frames: -1, stacks: 0, routes: -1, lockKeys: 0 };

  constructor(private readonly tables: Tables) {}

  /**
   * Takes in the rows that a window introduces; returns how many frames and stacks found no place.
   * @param changedMs of a script that the connection runs (`Frame`)
   * @throws RangeError when ids do not count up
   */
  learn(
    changedMs: (url: string) => number | undefined,
    window: Pick<
      WindowMessage,
      "operations" | "scripts" | "sourceMaps" | "frames" | "stacks" | "routes" | "lockKeys"
    >,
  ): number {
    let lost = 0;
    for (const [id, kind, callee, basis] of window.operations) {
      this.next("operations", id);
      const known = this.tables.operation(kind, callee, basis);
      if (known !== null) this.operations.set(id, known);
    }
    for (const [id, url] of window.scripts) {
      this.next("scripts", id);
      const changed = originOfUrl(url) === "user" ? changedMs(url) : undefined;
      this.scripts.set(id, { url, ...(changed === undefined ? {} : { changedMs: changed }) });
    }
    for (const [script, map] of window.sourceMaps ?? []) {
      const known = this.scripts.get(script);
      if (known !== undefined) this.tables.sourceMaps.add({ ...known, map });
    }
    for (const [id, script, functionName, line, column, offset, async] of window.frames) {
      this.next("frames", id);
      const of = this.scripts.get(script) ?? { url: "" };
      const known = this.tables.frame({ ...of, functionName, line, column, offset, async: async === 1 });
      if (known === null) lost++;
      else this.frames.set(id, known);
    }
    for (const [id, parent, frame] of window.stacks) {
      this.next("stacks", id);
      if (parent >= id) throw new RangeError("A stack's parent must come before it.");
      lost += this.learnStack(id, parent, frame);
    }
    for (const [id, method, route] of window.routes) {
      this.next("routes", id);
      this.routes.set(id, this.tables.route(method, route));
    }
    for (const [id, key] of window.lockKeys ?? []) {
      this.next("lockKeys", id);
      this.lockKeys.set(id, this.tables.lockKey(key));
    }
    return lost;
  }

  /** A stack with an unknown caller hangs on the root, one with an unknown frame is its caller's. */
  private learnStack(id: number, parent: number, frame: number): 0 | 1 {
    const above = this.stacks.get(parent);
    const known = this.frames.get(frame);
    const stack = known === undefined ? null : this.tables.stack(above ?? 0, known);
    this.stacks.set(id, stack ?? above ?? 0);
    return stack === null || above === undefined ? 1 : 0;
  }

  private next(table: keyof IdSpace["last"], id: number): void {
    if (id <= this.last[table]) throw new RangeError(`The ids of ${table} must count up.`);
    this.last[table] = id;
  }
}
