// Recording: what a recording's file is called until somebody calls it otherwise. Pure.

const TO_MINUTES = 16;
const TO_SECONDS = 19;

/** @param startedAt as ISO 8601; with `seconds`, names of recordings that follow each other soon differ */
export function recordingName(title: string, startedAt: string, seconds = false): string {
  const stamp = startedAt
    .slice(0, seconds ? TO_SECONDS : TO_MINUTES)
    .replaceAll(":", "")
    .replace("T", "-");
  return `${title.replace(/[^\p{L}\p{N}._-]+/gu, "-")}-${stamp}.darcy`;
}
