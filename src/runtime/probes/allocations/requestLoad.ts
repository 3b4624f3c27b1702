// Runtime: whether requests come to a thread, and how many of late: by HTTP's channel when they begin, and when they have come to an
// end those that it does not tell of (HTTP/2, messages of other protocols).

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { RequestRow } from "../../../protocol/window.ts";

const REQUEST_STARTED = "http.server.request.start";

export class RequestLoad {
  /** Since the last window was cut. */
  private started = 0;
  /** The window that was cut last saw some. */
  private busy = false;
  private readonly onRequest = () => {
    this.started++;
  };

  watch(): void {
    this.started = 0;
    subscribe(REQUEST_STARTED, this.onRequest);
  }

  unwatch(): void {
    unsubscribe(REQUEST_STARTED, this.onRequest);
  }

  get comes(): boolean {
    return this.busy || this.started > 0;
  }

  /** How many came in a window that is cut. @param ended in it */
  take(ended: readonly RequestRow[]): number {
    const requests = Math.max(
      this.started,
      ended.reduce((sum, [, count]) => sum + count, 0),
    );
    this.busy = requests > 0;
    this.started = 0;
    return requests;
  }
}
