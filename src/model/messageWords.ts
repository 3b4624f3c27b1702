// Model: requests that are none of HTTP (`runtime/probes/messages`): what tells them apart, and the words for the reader.

import type { RequestsReport, RouteReport } from "../protocol/requests.ts";
import { formatShare } from "./format.ts";
import { t } from "./l10n.ts";

/** What stands in the place of HTTP's methods. */
const PROTOCOLS: ReadonlySet<string> = new Set(["WebSocket", "TLS", "TCP", "pipe"]);
/** Fewer change no figure. */
const LEAST_SHARE = 0.01;

export function isMessage({ method }: Pick<RouteReport, "method">): boolean {
  return PROTOCOLS.has(method);
}

/** A sentence for a report whose requests are not HTTP's alone; null: nearly all are. */
export function messageWords({ total, routes }: Pick<RequestsReport, "total" | "routes">): string | null {
  const messages = routes.filter(isMessage).reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || messages < total * LEAST_SHARE) return null;
  return t(
    "{0} of the requests are messages of WebSocket clients, or reads of protocols that are not HTTP: how long the answer to one takes is not known.",
    formatShare(messages / total),
  );
}
