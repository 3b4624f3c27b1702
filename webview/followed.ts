// Panel: which part of the requests is followed over their awaits. Pure.

import { formatShare } from "../src/model/format.ts";
import type { Report } from "../src/protocol/report.ts";

/** Requests under way when the measuring begins and ends are not followed anywhere. */
const WHOLE_FROM = 0.95;

/** Stays for as long as it holds: what is known by request comes from these alone. Null: all of them are followed. */
export function followedInPart({ node, requests: { routes } }: Report): string | null {
  const major = Number(/^v?(\d+)/.exec(node)?.[1] ?? Number.NaN);
  const all = routes.reduce((sum, { count }) => sum + count, 0);
  const followed = routes.reduce((sum, { followed: part }) => sum + part, 0);
  if (!(major < 24) || all === 0 || followed >= WHOLE_FROM * all) return null;
  const share = followed === 0 ? "none is" : `${formatShare(followed / all)} of them are`;
  return `Before Node 24, following requests over awaits is dear: here ${share} followed. What routes cost comes from these; waits for locks that Darcy does not know by name are not looked for.`;
}
