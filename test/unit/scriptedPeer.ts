// Unit tests: a peer that says what it is told to, over the session's real socket.

import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { FrameReader, frame } from "../../src/protocol/framing.ts";
import { SESSION_VARIABLE, type SessionFile } from "../../src/protocol/sessionFile.ts";
import type { WindowMessage } from "../../src/protocol/window.ts";
import { type CollectorMessage, type HelloMessage, WIRE_VERSION } from "../../src/protocol/wire.ts";

export function sessionFileOf(environment: NodeJS.ProcessEnv): SessionFile {
  return JSON.parse(readFileSync(environment[SESSION_VARIABLE] as string, "utf8")) as SessionFile;
}

export function helloFor(secret: string, change: Partial<HelloMessage> = {}): HelloMessage {
  return {
    type: "hello",
    version: WIRE_VERSION,
    secret,
    peer: 0,
    pid: 4_000_000,
    parentPid: 1,
    threadId: 0,
    node: "v24.1.0",
    v8: "13",
    platform: "linux",
    arch: "x64",
    cwd: "/app",
    argv: ["node", "/app/server.js"],
    execArgv: [],
    probes: ["copies"],
    unavailable: [],
    ...change,
  };
}

/** A window of half a second ending at `endMicros` without anything in it. */
export function emptyWindow(sequence: number, change: Partial<WindowMessage> = {}): WindowMessage {
  const endMicros = change.endMicros ?? Date.now() * 1_000;
  return {
    type: "window",
    sequence,
    startMicros: endMicros - 500_000,
    endMicros,
    operations: [],
    scripts: [],
    frames: [],
    stacks: [],
    routes: [],
    cells: [],
    samples: [],
    requests: [],
    thread: {
      voluntary: 1,
      involuntary: 2,
      runQueueMicros: 3,
      cpuMicros: 4,
      loopActiveMicros: 5,
      loopIterations: 6,
      loopEvents: 7,
      allocatedBytes: 8,
    },
    process: null,
    gc: [],
    own: {
      stackMicros: 0,
      windowMicros: 0,
      stacks: 0,
      droppedWindows: 0,
      droppedSamples: 0,
      faults: 0,
      heapWindowMicros: 0,
    },
    ...change,
  };
}

export class ScriptedPeer {
  readonly received: CollectorMessage[] = [];
  readonly closed: Promise<void>;
  /** Called with every message; answers a flush, say. */
  onMessage: (message: CollectorMessage) => void = () => undefined;
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: Socket) {
    const reader = new FrameReader();
    socket.on("data", (chunk) =>
      reader.push(chunk, (body) => {
        const message = JSON.parse(new TextDecoder().decode(body)) as CollectorMessage;
        this.received.push(message);
        this.onMessage(message);
        for (const wake of this.waiting.splice(0)) wake();
      }),
    );
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        for (const wake of this.waiting.splice(0)) wake();
        resolve();
      });
    });
  }

  static async connect(environment: NodeJS.ProcessEnv): Promise<ScriptedPeer> {
    const socket = connect(sessionFileOf(environment).socket);
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new ScriptedPeer(socket);
  }

  /** Connected and welcome. */
  static async welcome(
    environment: NodeJS.ProcessEnv,
    change: Partial<HelloMessage> = {},
  ): Promise<ScriptedPeer> {
    const peer = await ScriptedPeer.connect(environment);
    peer.send(helloFor(sessionFileOf(environment).secret, change));
    const answer = await peer.next("welcome");
    if (answer === null) throw new Error("The session closed the connection.");
    return peer;
  }

  send(message: unknown): void {
    this.raw(frame(new TextEncoder().encode(JSON.stringify(message))));
  }

  raw(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The first message of a type, null when the connection ends without one. */
  async next(type: CollectorMessage["type"]): Promise<CollectorMessage | null> {
    for (;;) {
      const found = this.received.find((message) => message.type === type);
      if (found !== undefined) return found;
      if (this.socket.destroyed) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  end(): Promise<void> {
    this.socket.end();
    return this.closed;
  }
}
