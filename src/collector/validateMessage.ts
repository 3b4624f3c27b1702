// Collector: narrows what peers send: any message of theirs.

import type { GlanceMessage } from "../protocol/window.ts";
import type {
  HelloMessage,
  ListeningMessage,
  NoticeMessage,
  NoticePlace,
  PeerMessage,
  RestingMessage,
  WokenMessage,
} from "../protocol/wire.ts";
import {
  amount,
  flag,
  InvalidInput,
  list,
  nullable,
  oneOf,
  optional,
  record,
  shape,
  text,
  tuple,
  whole,
} from "./narrow.ts";
import {
  ACTIVE_TOPOLOGIES,
  checked,
  NAME,
  noticeCode,
  noticePlace,
  PATH,
  requestRows,
  routeRows,
  severity,
  validateWindow,
} from "./validate.ts";

const MAX_PEERS = 1_024;
const SENTENCE = text(2_000);

const hello = shape<HelloMessage>({
  type: oneOf(["hello"] as const),
  version: whole(),
  secret: text(256),
  peer: whole(MAX_PEERS),
  pid: whole(2 ** 32, 1),
  parentPid: whole(2 ** 32),
  threadId: whole(2 ** 32),
  node: NAME,
  v8: NAME,
  platform: NAME,
  arch: NAME,
  cwd: PATH,
  argv: list(PATH, 1_000),
  execArgv: list(PATH, 1_000),
  probes: list(NAME, 200),
  unavailable: list(tuple<readonly [string, string]>(NAME, SENTENCE), 200),
});

const listening = shape<ListeningMessage>({
  type: oneOf(["listening"] as const),
  port: nullable(whole(65_535, 1)),
  address: PATH,
  topology: oneOf(ACTIVE_TOPOLOGIES),
  workers: whole(MAX_PEERS, 1),
  tls: optional(flag),
  raw: optional(flag),
});

const glanceShape = shape<GlanceMessage>({
  type: oneOf(["glance"] as const),
  startMicros: amount,
  endMicros: amount,
  routes: routeRows,
  requests: requestRows,
});
const restingMessage = shape<RestingMessage>({ type: oneOf(["resting"] as const) });
const wokenMessage = shape<WokenMessage>({ type: oneOf(["woken"] as const) });
const notice = shape<NoticeMessage>({
  type: oneOf(["notice"] as const),
  code: noticeCode,
  severity,
  text: SENTENCE,
  place: optional(shape<NoticePlace>(noticePlace)),
});

/** The first message of a connection. @throws InvalidInput */
export function validateHello(value: unknown): HelloMessage {
  return hello(value);
}

/** Any message after the hello. @throws InvalidInput */
export function validateMessage(value: unknown): Exclude<PeerMessage, HelloMessage> {
  const type = record(value).type;
  switch (type) {
    case "window":
      return validateWindow(value);
    case "glance":
      return checked(glanceShape(value));
    case "listening":
      return listening(value);
    case "notice":
      return notice(value);
    case "resting":
      return restingMessage(value);
    case "woken":
      return wokenMessage(value);
    default:
      throw new InvalidInput("type: expected one of window, glance, listening, notice, resting, woken");
  }
}
