// Sources: gives every frame its authored place, by source maps and by the files on disk. A frame whose place can't
// be told for sure gets no origin, so that nothing is charged to a wrong line. See docs/figures.md, "Call site".

import { originOfUrl, pathOfUrl, sourceOf } from "../model/origin.ts";
import type { Frame, FrameSource, Profile, ProfileNotice } from "../model/profile.ts";
import { keyOf } from "../model/sentMaps.ts";
import { placeAllocations } from "./allocating/frames.ts";
import { FrameTexts, measuredTexts } from "./frameTexts.ts";
import type { Position } from "./lines.ts";
import { placeNotice } from "./notices.ts";
import { decodeDataUrl, isOther, isTranspiled, type Script, Scripts } from "./scripts.ts";
import { SourceMap } from "./sourceMap.ts";

const AT_ONCE = 16;
const LINES_END = 10_000;

/**
 * By the frame itself: a builder's frames are the same objects in all its snapshots, so that a live recording reads
 * only what is new.
 */
const resolved = new WeakMap<Frame, Frame>();

/** Frames that have their source keep it. The maps that the runtime sent are used up and left out. */
export async function resolveSources(profile: Profile): Promise<Profile> {
  return new Resolver().resolve(profile);
}

/** One that has come while a server runs. @param root the folder that the server was started in */
export async function resolveNotice(notice: ProfileNotice, root: string): Promise<ProfileNotice> {
  return new Resolver().resolveNotice(notice, root);
}

class Resolver {
  private readonly scripts = new Scripts();
  private readonly texts = new FrameTexts();

  async resolve(profile: Profile): Promise<Profile> {
    const { sourceMaps = [], ...rest } = profile;
    const open = profile.frames.filter((frame) => frame.source === null && !resolved.has(frame));
    const maps = new Map(sourceMaps.map((sent) => [keyOf(sent), sent.map]));
    const jobs = [...byScript(open)];
    const work = async (): Promise<void> => {
      for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
        const [script, frames] = job;
        await this.resolveScript(frames, maps.get(script), profile.cwd);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const frames = profile.frames.map((frame) =>
      frame.source === null ? (resolved.get(frame) ?? plain(frame)) : frame,
    );
    const notices = await Promise.all(
      profile.notices.map((notice) => this.resolveNotice(notice, profile.cwd)),
    );
    const placed = await placeAllocations({ ...rest, frames, notices }, this.scripts);
    // A recording that was saved has them, of files as they were.
    if (profile.texts !== undefined) return placed;
    const texts = measuredTexts(placed.frames);
    return texts.length === 0 ? placed : { ...placed, texts };
  }

  resolveNotice(notice: ProfileNotice, root: string): Promise<ProfileNotice> {
    return placeNotice(notice, async (frame) => {
      await this.resolveScript([frame], undefined, root);
      return resolved.get(frame)?.source ?? null;
    });
  }

  /** @param frames of one script with one text, at least one */
  private async resolveScript(
    frames: readonly Frame[],
    json: string | undefined,
    root: string,
  ): Promise<void> {
    const { url = "", changedMs } = frames[0] ?? {};
    const origin = originOfUrl(url);
    const path = pathOfUrl(url);
    if (origin === "runtime" || origin === "unknown") {
      for (const frame of frames) keep(frame, sourceOf(frame));
      return;
    }
    const script = await this.scripts.load(path, root);
    const sent = json === undefined ? null : sentMap(json, path, root);
    const other = script !== null && isOther(script, changedMs);
    const map = sent ?? (origin === "dependency" ? null : (script?.map ?? null));
    const trusted = map !== null || !isTranspiled(path) || (!other && runsAsItStands(script, frames));
    for (const frame of frames) {
      const position = positionOf(frame, other ? null : script, sent !== null);
      const unplaced: FrameSource = { file: path, line: 0, column: 0, origin: "unknown" };
      if (script?.ours === true) keep(frame, { ...unplaced, ...position, origin: "darcy" });
      // The map on disk is of another text.
      else if (position === null || (other && sent === null && map !== null)) keep(frame, unplaced);
      // Not kept: its map may come with a later window.
      else if (trusted) keep(frame, await this.place(path, origin, position, map, sent !== null, changedMs));
      const source = resolved.get(frame)?.source ?? null;
      if (source !== null && map === null) this.texts.keep(source, textThatRan(script, changedMs));
    }
  }

  private async place(
    path: string,
    origin: "user" | "dependency",
    position: Position,
    map: SourceMap | null,
    inMemory: boolean,
    changedMs: number | undefined,
  ): Promise<FrameSource> {
    const { line, column } = position;
    const generated: FrameSource = { file: path, line, column, origin };
    if (map === null || origin === "dependency") {
      if (!inMemory || map === null) return generated;
      const found = map.authored(line, column);
      if (found === null) return { ...generated, line: 0, column: 0 };
      const [file] = found.files;
      return { file, line: found.line, column: found.column, origin };
    }
    const authored = map.authored(line, column);
    // The compiler's own code: a helper, which nobody wrote. Its caller is the one to charge.
    if (authored === null)
      return inMemory
        ? { ...generated, line: 0, column: 0, origin: "unknown" }
        : { ...generated, origin: "unknown" };
    const { ignored } = authored;
    const file = await this.scripts.firstWith(authored.files, authored.text);
    const place = { file: file ?? authored.files[0], line: authored.line, column: authored.column };
    if (file === null) return inMemory ? { ...place, origin: "unknown" } : generated;
    const dependency = ignored || originOfUrl(place.file) === "dependency";
    const source: FrameSource = { ...place, origin: dependency ? "dependency" : "user" };
    // What was saved before the script was made of it is what it was made of.
    if (!dependency)
      this.texts.keep(
        source,
        authored.text ?? (changedMs === undefined ? null : await this.scripts.textOf(file, changedMs)),
      );
    return source;
  }
}

/** Null where it is not known. */
function textThatRan(script: Script | null, ran: number | undefined): string | null {
  return script === null || ran === undefined || script.changedMs !== ran ? null : script.text;
}

function keep(frame: Frame, source: FrameSource): void {
  resolved.set(frame, { ...frame, source });
}

/** As the runtime sends it: JSON, or the `data:` URL that held it. */
function sentMap(json: string, path: string, root: string): SourceMap | null {
  const text = json.startsWith("data:") ? decodeDataUrl(json) : json;
  return text === null ? null : SourceMap.parse(text, path, root);
}

/** Null where neither V8 nor the file tells. */
function positionOf(frame: Frame, script: Script | null, inMemory: boolean): Position | null {
  const { line, column } = frame;
  // A whole line, of V8's profiler: its first code, or what of it the map knows last where its text is nowhere.
  if (line > 0 && column === 0)
    return { line, column: inMemory ? LINES_END : (script?.lines.firstCode(line, script.text) ?? 1) };
  if (line > 0) return { line, column };
  return script?.lines.positionOf(frame.offset) ?? null;
}

/**
 * Whether V8 runs a .ts file's own text (Node strips types in place) and not a compiler's output whose map we do not
 * have (ts-node): then line, column and offset agree with the file, or a function does begin there.
 */
function runsAsItStands(script: Script | null, frames: readonly Frame[]): boolean {
  if (script === null) return false;
  const { lines, text } = script;
  return frames.every(({ line, column, offset }) => {
    if (line === 0) return false;
    if (column === 0) return lines.offsetOf(line, 1) !== null;
    const found = lines.offsetOf(line, column);
    if (found === null) return false;
    return offset > 0 ? found === offset : /^[\w$([{]/.test(text.slice(found, found + 1));
  });
}

/** A frame that no source is known of, as long as none is. */
function plain(frame: Frame): Frame {
  const source = sourceOf(frame);
  return { ...frame, source: { ...source, line: 0, column: 0, origin: "unknown" } };
}

function byScript(frames: readonly Frame[]): Map<string, Frame[]> {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const key = keyOf(frame);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [frame]);
    else group.push(frame);
  }
  return groups;
}
