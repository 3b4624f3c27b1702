// Report, exports: a recording in other tools' formats. Not as a `.cpuprofile`: that is a line of samples in time, and what
// is measured here has weights instead.

import type { Profile } from "../../model/profile.ts";
import { weightedStacks } from "../../model/weightedStacks.ts";
import { toCollapsed } from "./collapsed.ts";
import { toHeapProfile } from "./heapProfile.ts";
import { toPprof } from "./pprof.ts";
import { toSpeedscope } from "./speedscope.ts";

export const EXPORT_FORMATS = ["pprof", "speedscope", "heapprofile", "collapsed"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_ENDING: Readonly<Record<ExportFormat, string>> = {
  pprof: ".pb.gz",
  speedscope: ".speedscope.json",
  heapprofile: ".heapprofile",
  collapsed: ".collapsed.txt",
};

/** @param name of the recording, as the other tool shows it */
export function exportProfile(profile: Profile, format: ExportFormat, name: string): Uint8Array {
  const weighted = weightedStacks(profile);
  switch (format) {
    case "pprof":
      return toPprof(weighted, profile);
    case "speedscope":
      return Buffer.from(toSpeedscope(weighted, name, profile.darcy));
    case "heapprofile":
      return Buffer.from(toHeapProfile(weighted));
    case "collapsed":
      return Buffer.from(toCollapsed(weighted));
  }
}
