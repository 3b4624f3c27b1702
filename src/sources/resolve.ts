// Sources: gives every frame its authored place. First step of showing a recording; reads files, never writes.

import { sourceOf } from "../model/origin.ts";
import type { Profile } from "../model/profile.ts";

export async function resolveSources(profile: Profile): Promise<Profile> {
  return { ...profile, frames: profile.frames.map((frame) => ({ ...frame, source: sourceOf(frame) })) };
}
