// Collector: one connection of a measured thread: frames to messages, the hello first. Whoever does not speak
// our protocol is dropped; it never gets further than this file.

import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { FrameError, FrameReader, frame } from "../protocol/framing.ts";
import {
  type CollectorMessage,
  type HelloMessage,
  type PeerMessage,
  WIRE_VERSION,
} from "../protocol/wire.ts";
import { InvalidInput } from "./narrow.ts";
import { validateHello, validateMessage } from "./validateMessage.ts";

/** Before its hello a stranger gets this much of our memory and no more. */
const MAX_HELLO_BYTES = 256 * 1024;
/** What waits for a peer that does not read; ours read at once, unless their loop is blocked. */
const MAX_UNREAD_BYTES = 256 * 1024;

export interface PeerEvents {
  /** Null lets the peer in, a reason turns it away. */
  hello(connection: PeerConnection, message: HelloMessage): string | null;
  /** @throws RangeError when the message contradicts earlier ones */
  message(connection: PeerConnection, message: Exclude<PeerMessage, HelloMessage>): void;
  /** It did not speak our protocol and was dropped; `reason` holds nothing of what it sent. */
  refused(reason: string, connection: PeerConnection): void;
  closed(connection: PeerConnection): void;
}

export class PeerConnection {
  /** Null until it said hello. */
  hello: HelloMessage | null = null;
  private readonly reader = new FrameReader();
  private readonly helloTimer: NodeJS.Timeout;
  private receivedBytes = 0;
  private over = false;

  constructor(
    private readonly socket: Socket,
    private readonly secret: string,
    helloDeadlineMs: number,
    private readonly events: PeerEvents,
  ) {
    this.helloTimer = setTimeout(() => this.refuse("it said nothing"), helloDeadlineMs);
    socket.on("data", (chunk) => this.receive(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => this.closed());
  }

  send(message: CollectorMessage): void {
    if (!this.socket.writable) return;
    if (this.socket.writableLength > MAX_UNREAD_BYTES) {
      this.refuse("it does not read what it is told");
      return;
    }
    this.socket.write(frame(new TextEncoder().encode(JSON.stringify(message))));
  }

  /** Says goodbye and waits for nothing. */
  end(): void {
    this.over = true;
    this.socket.end();
    this.socket.destroySoon();
  }

  /** Ends the connection at once, without an event. */
  destroy(): void {
    this.over = true;
    this.socket.destroy();
  }

  private receive(chunk: Uint8Array): void {
    if (this.over) return;
    this.receivedBytes += chunk.length;
    try {
      this.reader.push(chunk, (body) => {
        if (!this.over) this.handle(parse(body));
      });
      if (this.hello === null && this.receivedBytes > MAX_HELLO_BYTES)
        throw new FrameError("its hello is too long");
    } catch (error) {
      this.refuse(reasonOf(error));
    }
  }

  private handle(value: unknown): void {
    if (this.hello !== null) this.events.message(this, validateMessage(value));
    else this.greet(value);
  }

  private greet(value: unknown): void {
    const version =
      typeof value === "object" && value !== null ? (value as { version?: unknown }).version : undefined;
    // Looked at first: a hello of another version may have any shape.
    if (version !== WIRE_VERSION) {
      this.reject(`This collector speaks version ${WIRE_VERSION}, the peer another one.`);
      return;
    }
    const hello = validateHello(value);
    if (!sameSecret(hello.secret, this.secret)) {
      this.reject("The secret is not this session's.");
      return;
    }
    clearTimeout(this.helloTimer);
    this.hello = hello;
    const reason = this.events.hello(this, hello);
    if (reason === null) {
      this.send({ type: "welcome", version: WIRE_VERSION });
    } else {
      this.hello = null;
      this.reject(reason);
    }
  }

  private reject(reason: string): void {
    this.send({ type: "reject", reason });
    clearTimeout(this.helloTimer);
    this.end();
    this.events.refused(reason, this);
  }

  /** Drops it. */
  refuse(reason: string): void {
    if (this.over) return;
    clearTimeout(this.helloTimer);
    this.over = true;
    this.socket.destroy();
    this.events.refused(reason, this);
  }

  private closed(): void {
    clearTimeout(this.helloTimer);
    this.over = true;
    this.events.closed(this);
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // Without the cause: its message quotes what was read.
    throw new InvalidInput("expected JSON");
  }
}

/** What a peer did wrong; anything else that is thrown on the way is a defect of ours and goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof InvalidInput || error instanceof FrameError || error instanceof RangeError)
    return error.message;
  throw error;
}

/** Compares in constant time; a different length is told apart at once, which tells nothing. */
function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
