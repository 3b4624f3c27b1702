// Panel: which part of the requests is followed over their awaits. Pure.

import { formatShare } from "../src/model/format.ts";
import { t } from "../src/model/l10n.ts";
import { isMessage } from "../src/model/messageWords.ts";
import type { Report } from "../src/protocol/report.ts";

/** Requests under way when the measuring begins and ends are not followed anywhere. */
const WHOLE_FROM = 0.95;

/** Stays for as long as it holds: what is known by request comes from these alone. Null: all of them are followed. */
export function followedInPart({ node, requests }: Report): string | null {
  const routes = requests.routes.filter((route) => !isMessage(route));
  const major = Number(/^v?(\d+)/.exec(node)?.[1] ?? Number.NaN);
  const all = routes.reduce((sum, { count }) => sum + count, 0);
  const followed = routes.reduce((sum, { followed: part }) => sum + part, 0);
  if (!(major < 24) || all === 0 || followed >= WHOLE_FROM * all) return null;
  return followed === 0
    ? t(
        "Before Node 24, following requests over awaits is dear: here none is followed, so what each route costs is not known, nor are waits for locks that Darcy does not know by name.",
      )
    : t(
        "Before Node 24, following requests over awaits is dear: here {0} of them are followed. What routes cost comes from these; waits for locks that Darcy does not know by name are not looked for.",
        formatShare(followed / all),
      );
}

/** What the runtime itself says of it at its start. */
export function isSaidByPart(text: string): boolean {
  return text.startsWith("Before Node 24, waits for locks");
}
