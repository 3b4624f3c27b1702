// Runtime: takes the current stack and interns it: frames by (script, position), stacks by (caller's stack, frame), so that
// a stack that was seen before costs no allocation beyond V8's own and no line look-up. Keeps no CallSite.

import fs from "node:fs";
import type { FrameRow, ScriptRow, StackRow } from "../../protocol/window.ts";
import { EvenWork } from "../ownCost.ts";
import { type Caller, callers } from "./callers.ts";
import { borrowingError, callSites, hasUserCode, sitesWithUser } from "./callSites.ts";

// Our own, before anyone patches it: a call of it that is measured would take a stack within a stack.
const { statSync } = fs;

// biome-ignore lint/complexity/noBannedTypes: captureStackTrace takes any function
type AnyFunction = Function;

/** V8's first line look-up in a script splits it whole: 19 to 37 ms in one of 5 MB. Larger ones are left to the collector. */
const LARGE_SCRIPT_BYTES = 1_000_000;
const POSITION_SPAN = 2 ** 29;
/** Above every frame's id (see `capacity`). */
const FRAME_SPAN = 2 ** 19;
/** Of a URL (`data:`) or a name, so that a window stays far below the largest frame. */
const MAX_TEXT = 2_048;
/** Of a stack in words: as many innermost frames as a line of the user's is likely to be among. */
const WRITTEN_FRAMES = 8;
const WRITTEN_NAME = 60;

export class StackTable {
  /** Ids stay below it; what would go past is "unknown" (0) and counted. */
  readonly capacity: number;
  captureMicros = 0;
  captures = 0;
  overflowed = 0;
  private readonly work = new EvenWork();
  private stacks = 0;
  private frames = 0;
  /** Two flat maps: a map for each stack's callees takes five times the memory, all of it the user's heap. */
  private readonly stackOf = new Map<number, number>();
  private readonly frameAt = new Map<number, number>();
  /** Frames that V8's heap profiler names. */
  private readonly frameNamed = new Map<string, number>();
  private readonly scripts = new Map<string, { id: number; byOffset: boolean }>();
  private newScripts: ScriptRow[] = [];
  private newFrames: FrameRow[] = [];
  private newStacks: StackRow[] = [];

  constructor(capacity = 100_000) {
    this.capacity = Math.min(capacity, FRAME_SPAN - 1);
  }

  /** The stack of the caller of `above`, 0 when it can't be had. Costs 5 to 31 µs at 10 to 30 frames. */
  capture(above: AnyFunction): number {
    this.work.start();
    const sites = sitesWithUser(above);
    const stack = sites === null ? 0 : this.intern(sites, hasUserCode(sites) ? 0 : this.callerOf());
    this.captureMicros += this.work.stop();
    this.captures++;
    return stack;
  }

  /** The stack of the caller of `above` in words that another thread's `read` takes in, "" when it can't be had. */
  write(above: AnyFunction, most: number): string {
    const lines: string[] = [];
    for (const site of callSites(above) ?? []) {
      if (lines.length === WRITTEN_FRAMES) break;
      const url = site.getFileName() ?? "";
      const line = [nameOf(site).slice(0, WRITTEN_NAME), site.getLineNumber(), site.getColumnNumber(), url];
      if (url !== "") lines.push(line.join("\t"));
    }
    while (lines.join("\n").length > most) lines.pop();
    return lines.join("\n");
  }

  /** 0 for what is no stack. */
  read(text: string): number {
    let stack = 0;
    for (const written of text === "" ? [] : text.split("\n").reverse()) {
      const [name = "", line = "", column = "", url = ""] = written.split("\t");
      const at = Number(line);
      if (url === "" || !(at > 0)) continue;
      const frame = this.frame(url, name, at, Number(column) || 1);
      if (frame !== 0) stack = this.push(stack, frame);
    }
    return stack;
  }

  /** The stack from the `from`th function on, of call sites that were taken by `callSites`. */
  internSites(sites: readonly NodeJS.CallSite[], from: number): number {
    return this.intern(from === 0 ? sites : sites.slice(from));
  }

  /** Interns a frame that V8's heap profiler names. Line and column count from 1. */
  frame(url: string, functionName: string, line: number, column: number): number {
    const key = `${url}\n${functionName}\n${line}\n${column}`.slice(0, 2 * MAX_TEXT);
    const known = this.frameNamed.get(key);
    if (known !== undefined) return known;
    if (this.frames >= this.capacity) return this.overflow();
    const id = ++this.frames;
    this.frameNamed.set(key, id);
    this.newFrames.push([
      id,
      this.script(url.slice(0, MAX_TEXT)).id,
      functionName.slice(0, MAX_TEXT),
      line,
      column,
      0,
      0,
    ]);
    return id;
  }

  /** The stack of `frame` (an id from `frame()`) called from the stack `parent`; 0 is the root, and what is too many. */
  push(parent: number, frame: number): number {
    return this.child(parent, frame) ?? 0;
  }

  /** Rows interned since the last call. */
  drain(): { scripts: ScriptRow[]; frames: FrameRow[]; stacks: StackRow[] } {
    const rows = { scripts: this.newScripts, frames: this.newFrames, stacks: this.newStacks };
    this.newScripts = [];
    this.newFrames = [];
    this.newStacks = [];
    return rows;
  }

  /** Who called for what Node does now. */
  private callerOf(): number {
    const caller = callers.current();
    return caller === undefined ? 0 : this.idOf(caller);
  }

  /** Of a caller that was noted; only now is its stack taken apart. */
  idOf(caller: Caller): number {
    if (caller.id === null) {
      const sites = borrowingError(() => caller.stack);
      caller.id = sites === null ? 0 : this.intern(sites, 0);
    }
    return caller.id;
  }

  private intern(sites: readonly NodeJS.CallSite[], below = 0): number {
    let stack = below;
    for (let i = sites.length - 1; i >= 0; i--) {
      const site = sites[i] as NodeJS.CallSite;
      const url = site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "";
      // Built-ins (`Array.map`, `new Promise`) and code without a name all stand at position 0 of no script.
      if (url === "") continue;
      const script = this.script(url.slice(0, MAX_TEXT));
      const position = site.getPosition();
      // Two functions can't stand at one position of a script, so the name need not be in the key.
      const key = script.id * POSITION_SPAN + position;
      const frame = this.frameAt.get(key) ?? this.addFrame(site, script, position, key);
      const next = frame === 0 ? null : this.child(stack, frame);
      if (next === null) return stack;
      stack = next;
    }
    return stack;
  }

  /** Null where it would be one too many. */
  private child(parent: number, frame: number): number | null {
    const key = parent * FRAME_SPAN + frame;
    const known = this.stackOf.get(key);
    if (known !== undefined) return known;
    if (this.stacks >= this.capacity) {
      this.overflow();
      return null;
    }
    const stack = ++this.stacks;
    this.stackOf.set(key, stack);
    this.newStacks.push([stack, parent, frame]);
    return stack;
  }

  private addFrame(
    site: NodeJS.CallSite,
    script: { id: number; byOffset: boolean },
    position: number,
    key: number,
  ): number {
    if (this.frames >= this.capacity) return this.overflow();
    const id = ++this.frames;
    this.frameAt.set(key, id);
    const isAsync = (site as { isAsync?: () => boolean }).isAsync?.() === true;
    const line = script.byOffset ? 0 : (site.getLineNumber() ?? 0);
    const column = script.byOffset ? 0 : (site.getColumnNumber() ?? 0);
    this.newFrames.push([
      id,
      script.id,
      nameOf(site).slice(0, MAX_TEXT),
      line,
      column,
      position,
      isAsync ? 1 : 0,
    ]);
    return id;
  }

  private script(url: string): { id: number; byOffset: boolean } {
    const known = this.scripts.get(url);
    if (known !== undefined) return known;
    const script = { id: this.scripts.size + 1, byOffset: isLargeFile(url) };
    if (this.scripts.size < this.capacity) {
      this.scripts.set(url, script);
      this.newScripts.push([script.id, url]);
    }
    return script;
  }

  private overflow(): 0 {
    this.overflowed++;
    return 0;
  }
}

function nameOf(site: NodeJS.CallSite): string {
  const name = site.getFunctionName() ?? site.getMethodName() ?? "";
  if (name === "" || name.includes(".")) return name;
  if (site.isConstructor()) return `new ${name}`;
  const type = site.isToplevel() ? null : site.getTypeName();
  return type === null || type === "Object" || type === "Function" || type === "global"
    ? name
    : `${type}.${name}`;
}

/** Scripts whose file on disk is what V8 runs; a transformed one (.ts) never is. */
function isLargeFile(url: string): boolean {
  if (!/\.[cm]?js$/.test(url)) return false;
  try {
    const stat = statSync(url.startsWith("file:") ? new URL(url) : url, { throwIfNoEntry: false });
    return stat !== undefined && stat.size > LARGE_SCRIPT_BYTES;
  } catch {
    return false;
  }
}
