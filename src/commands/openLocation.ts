// Commands: what a hover's link does: opens a measured line.

import { openLocation as open } from "../views/openLocation.ts";

export async function openLocation(place: unknown): Promise<void> {
  if (typeof place !== "object" || place === null) return;
  const { file, line, column, cwd } = place as Record<string, unknown>;
  if (typeof file !== "string" || typeof line !== "number" || !(line >= 1)) return;
  await open(
    { file, line, column: typeof column === "number" && column >= 1 ? column : 1 },
    typeof cwd === "string" ? cwd : "",
  );
}
