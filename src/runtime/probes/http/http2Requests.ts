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
  started(stream: object): RequestToken;
  finished(request: Http2Request, token: RequestToken): void;
}

/** @returns the undoing */
export function watchHttp2(
  context: RequestContext,
  { faults, meter }: Pick<ProbeContext, "faults" | "meter">,
  owner: string,
  listener: Http2Listener,
): () => void {
  /** Unseen by the probes. */
  const quietly = (action: () => void) => {
    meter.quiet++;
    try {
      faults.guard(owner, undefined, action);
    } finally {
      meter.quiet--;
    }
  };
  const requests = new WeakMap<object, Http2Request>();
  let unfollow: (() => void) | null = null;
  const onStart = (message: unknown) =>
    quietly(() => {
      const { stream, headers } = message as { stream: object; headers: Headers };
      unfollow ??= followBodies(context, Object.getPrototypeOf(stream) as object, (body: Body) =>
        InFlight.reading(body),
      );
      requests.set(stream, { method: text(headers[":method"]), url: text(headers[":path"]) || "/" });
      listener.started(stream);
    });
  const onClose = (message: unknown) =>
    quietly(() => {
      const { stream } = message as { stream: Stream };
      const token = InFlight.finish(stream, 0);
      const request = requests.get(stream);
      // A stream that was reset has no answer.
      const answered = (stream.rstCode ?? 0) === 0 && stream.headersSent === true;
      if (token === null || request === undefined) return;
      if (answered) listener.finished(request, token);
      else token.finished = true;
    });
  subscribe(START, onStart);
  subscribe(CLOSE, onClose);
  return () => {
    unsubscribe(START, onStart);
    unsubscribe(CLOSE, onClose);
    unfollow?.();
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
