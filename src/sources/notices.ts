// Sources: notices that name a line: as it was authored, not as it runs.

import { pathOfUrl } from "../model/origin.ts";
import type { Frame, FrameSource, ProfileNotice } from "../model/profile.ts";

/** By the notice itself: a builder's are the same objects in all its snapshots. */
const placed = new WeakMap<ProfileNotice, ProfileNotice>();

/**
 * The line is left out where none can be told for sure.
 * @param sourceOf a frame's authored place, null where it is not known
 */
export async function placeNotice(
  notice: ProfileNotice,
  sourceOf: (frame: Frame) => Promise<FrameSource | null>,
): Promise<ProfileNotice> {
  const { place, ...rest } = notice;
  if (place === undefined) return notice;
  const known = placed.get(notice);
  if (known !== undefined) return known;
  const frame: Frame = { ...place, functionName: "", offset: 0, async: false, source: null };
  const source = await sourceOf(frame);
  const { file, line } = source ?? { file: pathOfUrl(place.url), line: 0 };
  const words = line > 0 ? `${file}:${line}` : file;
  const text = rest.text.replace(`${place.url}:${place.line}`, () => words);
  const told = { ...rest, text };
  placed.set(notice, told);
  return told;
}
