// Runtime: the connection to the collector. Keeps nothing but a few control messages: while the collector is
// slow, windows are simply not cut (see MeasuredThread), so that nothing piles up in the user's process.

import { connect, type Socket } from "node:net";
import { FrameReader, frame } from "../../protocol/framing.ts";
import { type CollectorMessage, MAX_FRAME_BYTES, type PeerMessage } from "../../protocol/wire.ts";

// Our own, taken before any probe patches them.
const { stringify, parse } = JSON;
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);
const decoder = new TextDecoder();
const decode = decoder.decode.bind(decoder);

const MAX_WAITING = 64;
/** What Node may hold for a slow collector before we stop cutting windows. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

export interface ClientEvents {
  /** Connected: the hello goes first. */
  connected(): PeerMessage;
  message(message: CollectorMessage): void;
  /** For good: refused, lost or rejected. */
  closed(): void;
}

export class Client {
  private socket: Socket | null = null;
  private open = false;
  private waiting: PeerMessage[] = [];
  droppedMessages = 0;

  constructor(
    private readonly path: string,
    private readonly quietly: <T>(action: () => T) => T,
    private readonly events: ClientEvents,
  ) {}

  connect(): void {
    const socket = connect(this.path);
    this.socket = socket;
    socket.unref();
    const reader = new FrameReader();
    socket.on("connect", () => this.quietly(() => this.opened()));
    socket.on("data", (chunk) => this.quietly(() => this.received(reader, chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => this.quietly(() => this.close()));
  }

  /** Whether a window sent now would leave at once. */
  get writable(): boolean {
    return this.open && this.socket !== null && this.socket.writableLength < MAX_BUFFERED_BYTES;
  }

  send(message: PeerMessage): void {
    this.quietly(() => {
      if (this.open) this.write(message);
      else if (this.waiting.length < MAX_WAITING) this.waiting.push(message);
      else this.droppedMessages++;
    });
  }

  close(): void {
    if (this.socket === null) return;
    this.open = false;
    this.waiting = [];
    this.socket.destroy();
    this.socket = null;
    this.events.closed();
  }

  private opened(): void {
    this.open = true;
    this.write(this.events.connected());
    for (const message of this.waiting.splice(0)) this.write(message);
  }

  /** Never throws: a `toJSON` that the user put on a prototype, or memory, may fail us. */
  private write(message: PeerMessage): void {
    try {
      const body = encode(stringify(message));
      if (body.length <= MAX_FRAME_BYTES) this.socket?.write(frame(body));
      else this.droppedMessages++;
    } catch {
      this.droppedMessages++;
    }
  }

  private received(reader: FrameReader, chunk: Uint8Array): void {
    try {
      reader.push(chunk, (body) => this.events.message(parse(decode(body)) as CollectorMessage));
    } catch {
      this.close();
    }
  }
}
