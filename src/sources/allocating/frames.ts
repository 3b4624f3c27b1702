// Sources: gives the frames that heap samples name the places where their functions allocate, in authored lines. Scripts are
// read again only for frames that have none yet; what can't be parsed has no places, and its bytes no line.

import { pathOfUrl, sourceOf } from "../../model/origin.ts";
import type { AllocatingPlace, Frame, Profile } from "../../model/profile.ts";
import { isOther, isTranspiled, type Script, type Scripts } from "../scripts.ts";
import { placesAt } from "./functions.ts";
import type { Place } from "./places.ts";

/** Of one look at a profile: parsing stops the extension's host. */
const MAX_SCRIPTS = 200;
const MAX_PLACES = 2_000;
const MAX_DEPTH = 256;

/** By resolved frame, which live recordings share between looks. */
const known = new WeakMap<Frame, Frame>();

export async function placeAllocations(profile: Profile, scripts: Scripts): Promise<Profile> {
  const wanted = allocatingFrames(profile);
  if (wanted.size === 0) return profile;
  const open = [...wanted]
    .map((index) => profile.frames[index] as Frame)
    .filter((frame) => !known.has(frame));
  for (const [path, frames] of [...byScript(open)].slice(0, MAX_SCRIPTS)) {
    const script = await scripts.load(path, profile.cwd);
    const places = script === null ? null : placesIn(path, script, frames);
    frames.forEach((frame, i) => {
      // What was parsed is the text that stands there now.
      const own = script === null || isOther(script, frame.changedMs) ? null : (places?.[i] ?? null);
      known.set(frame, own === null ? frame : { ...frame, allocates: own.slice(0, MAX_PLACES) });
    });
  }
  const frames = profile.frames.map((frame, index) =>
    wanted.has(index) ? (known.get(frame) ?? frame) : frame,
  );
  return { ...profile, frames };
}

/** The innermost user's frame of each heap sample's stack. */
function allocatingFrames({ windows, stacks, frames }: Profile): Set<number> {
  const found = new Set<number>();
  const seen = new Set<number>();
  for (const { heapSizes = [] } of windows) {
    for (const [stack] of heapSizes) {
      if (seen.has(stack)) continue;
      seen.add(stack);
      let at = stacks[stack];
      for (let depth = 0; stack > 0 && at !== undefined && depth < MAX_DEPTH; depth++) {
        const frame = frames[at.frame];
        if (frame !== undefined && frame.allocates === undefined && sourceOf(frame).origin === "user") {
          found.add(at.frame);
          break;
        }
        at = at.parent > 0 ? stacks[at.parent] : undefined;
      }
    }
  }
  return found;
}

/** What runs is parsed; where it is compiled in memory, its source. */
function byScript(frames: readonly Frame[]): Map<string, Frame[]> {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const path = pathOfUrl(frame.url);
    const group = groups.get(path) ?? [];
    group.push(frame);
    groups.set(path, group);
  }
  return groups;
}

function placesIn(
  path: string,
  script: Script,
  frames: readonly Frame[],
): (AllocatingPlace[] | null)[] | null {
  const { text, lines, map } = script;
  // Compiled in memory, or types taken out in place: its source's lines are known, and its source is this file.
  const authored = (frame: Frame) => sourceOf(frame).file === path;
  const offsets = frames.map((frame) => {
    const { line, column } = authored(frame) ? sourceOf(frame) : frame;
    return lines.offsetOf(line, column) ?? -1;
  });
  const found = placesAt(text, isTranspiled(path), offsets);
  return (
    found?.map((places, i) => {
      const frame = frames[i] as Frame;
      if (places === null) return null;
      const inAuthored = authored(frame);
      return places.flatMap((place) => {
        const at = lines.positionOf(place.at);
        if (at === null) return [];
        if (inAuthored) return [toPlace(place, at.line, at.column)];
        const source = map?.authored(at.line, at.column) ?? null;
        return source === null || !source.files.includes(sourceOf(frame).file)
          ? []
          : [toPlace(place, source.line, source.column)];
      });
    }) ?? null
  );
}

function toPlace({ at: _, ...place }: Place, line: number, column: number): AllocatingPlace {
  return { line, column, ...place };
}
