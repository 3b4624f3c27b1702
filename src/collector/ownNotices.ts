// Collector: notices that no process of the server sends: how the server ended, and how it answered Darcy's own load.

import type { ProfileNotice } from "../model/profile.ts";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { LoadResult } from "./load/loadMessages.ts";

export type OwnNotice = Pick<ProfileNotice, "code" | "severity" | "text">;

/** Of the load's answers; fewer change figures by little. */
const LEAST_SHARE = 0.01;

/** By itself, and not well. @param how a part of a sentence, as `NOTICES.byCode` */
export function serverEnded(how: string): OwnNotice {
  return { code: "server-ended", severity: "error", text: fill(NOTICES.serverEnded, how) };
}

/**
 * Null: they were what one measures.
 * @param target a path or a URL, as it was asked for: what may be secret of it is not told
 */
export function not2xx(
  { method, target }: { readonly method: string; readonly target: string },
  { answered, non2xx }: Pick<LoadResult, "answered" | "non2xx">,
): OwnNotice | null {
  if (non2xx === 0 || non2xx < LEAST_SHARE * answered) return null;
  const path = target.replace(/[?#].*$/s, "").replace(/^[a-z]+:\/\/[^/]*/i, "");
  const text = fill(NOTICES.loadNot2xx, answered, `${method} ${path === "" ? "/" : path}`, non2xx);
  return { code: "load-not-2xx", severity: "warning", text };
}
