// Model: what is marked on the time line: the end of the warm-up, restarts, warnings, collections of the whole heap.

import type { SeriesMark } from "../protocol/panel.ts";
import type { Profile } from "./profile.ts";
import { restartsOf } from "./restarts.ts";

/** @param majorGcs of each step */
export function marksOf(
  profile: Pick<Profile, "startedMicros" | "measureFromMicros" | "workers" | "topology" | "notices">,
  majorGcs: readonly number[],
  stepMs: number,
): SeriesMark[] {
  const at = (micros: number) => (micros - profile.startedMicros) / 1000;
  const marks: SeriesMark[] = [];
  if (profile.measureFromMicros > profile.startedMicros) {
    marks.push({ atMs: at(profile.measureFromMicros), kind: "warmup", label: "warm-up" });
  }
  for (const { atMs, what, worker } of restartsOf(profile)) {
    marks.push({
      atMs,
      kind: "restart",
      label: what === "server" ? "server restarted" : `worker ${worker} restarted`,
    });
  }
  for (const notice of profile.notices) {
    if (notice.severity !== "info")
      marks.push({ atMs: at(notice.atMicros), kind: "warning", label: notice.text });
  }
  majorGcs.forEach((count, index) => {
    if (count > 0)
      marks.push({
        atMs: index * stepMs,
        kind: "majorGc",
        label: count === 1 ? "major GC" : `${count} major GCs`,
      });
  });
  return marks.sort((a, b) => a.atMs - b.atMs);
}
