// Runtime: requests over HTTP/2, one a stream, from Node's own diagnostics channels, which Node 20 does not have. What is
// known of a stream stands on it as a connection's requests stand on its socket.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ProbeContext } from "../probe.ts";
import { type Body, followBodies } from "./bodyContext.ts";
import { InFlight } from "./inFlight.ts";
import type { RequestContext, RequestToken } from "./requestContext.ts";

const START = "http2.server.stream.start";
const CLOSE = "http2.server.stream.close";

interface Stream {
  readonly rstCode?: number;
  readonly headersSent?: boolean;
}
type Headers = Readonly<Record<string, unknown>>;
export interface Http2Request {
  readonly method: string;
  readonly url: string;
}

export interface Http2Listener {
  started(stream: object): void;
  finished(request: Http2Request, token: RequestToken): void;
  /** It began while nobody looked; null: what it asked for is not known. */
  finishedUnseen(request: Http2Request | null): void;
}

export class Http2Requests {
  private readonly requests = new WeakMap<object, Http2Request>();
  private unfollow: (() => void) | null = null;

  constructor(
    private readonly context: RequestContext,
    private readonly probe: Pick<ProbeContext, "faults" | "meter">,
    private readonly owner: string,
    private readonly listener: Http2Listener,
  ) {}

  look(): void {
    subscribe(START, this.onStart);
    subscribe(CLOSE, this.onClose);
  }

  lookAway(): void {
    unsubscribe(START, this.onStart);
    unsubscribe(CLOSE, this.onClose);
    this.unfollow?.();
    this.unfollow = null;
  }

  private readonly onStart = (message: unknown) =>
    this.quietly(() => {
      const { stream, headers } = message as { stream: object; headers: Headers };
      const { context } = this;
      if (context.active && this.unfollow === null)
        this.unfollow = followBodies(context, Object.getPrototypeOf(stream) as object, (body: Body) =>
          InFlight.reading(body),
        );
      this.requests.set(stream, { method: text(headers[":method"]), url: text(headers[":path"]) || "/" });
      this.listener.started(stream);
    });

  private readonly onClose = (message: unknown) =>
    this.quietly(() => {
      const { stream } = message as { stream: Stream };
      const older = InFlight.isOlder(stream);
      const token = older ? null : InFlight.finish(stream, 0);
      const request = this.requests.get(stream) ?? null;
      // A stream that was reset has no answer.
      const answered = (stream.rstCode ?? 0) === 0 && stream.headersSent === true;
      if (!answered) {
        if (token !== null) {
          token.finished = true;
          token.route = null;
        }
      } else if (older) this.listener.finishedUnseen(request);
      else if (token !== null && request !== null) this.listener.finished(request, token);
    });

  /** Unseen by the probes. */
  private quietly(action: () => void): void {
    const { meter, faults } = this.probe;
    meter.quiet++;
    try {
      faults.guard(this.owner, undefined, action);
    } finally {
      meter.quiet--;
    }
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
