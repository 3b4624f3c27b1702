// Collector: what measured threads send, on its way into the profile: who is there, what they measured and say.

import type { ProfileBuilder } from "../model/builder.ts";
import type { ProfileNotice } from "../model/profile.ts";
import { fill } from "../protocol/fill.ts";
import { NOTICES } from "../protocol/notices.ts";
import type { GlanceMessage, WindowMessage } from "../protocol/window.ts";
import type { HelloMessage, ListeningMessage, NoticeMessage, PeerMessage } from "../protocol/wire.ts";
import type { Clock } from "./clock.ts";
import { Live } from "./live.ts";
import { PeerClock } from "./peerClock.ts";
import type { PeerConnection, PeerEvents } from "./peerConnection.ts";
import { type Peer, Peers } from "./peers.ts";
import { awaitLastWindow, type SessionFolder } from "./sessionFolder.ts";

/** Threads that are connected at one time. */
const MAX_CONNECTED = 2_048;
const MOST_GREETED = 200;

/** A process that said hello. */
export interface Greeted {
  readonly pid: number;
  readonly parentPid: number;
  /** As `v22.1.0`. */
  readonly node: string;
  /** Node's own options, the script, its arguments. */
  readonly words: readonly string[];
}

export interface IntakeEvents {
  /** A thread that is welcome. */
  hello(message: HelloMessage, connection: PeerConnection): void;
  /** A worker said hello, listens, or left. */
  workers(): void;
  /** A worker listens; `first`: it did not before. */
  listening(first: boolean, peer: Peer): void;
  /** A window arrived. */
  window(peer: Peer, window: WindowMessage): void;
  /** A thread has answered a look, by no window that counts. */
  glance(peer: Peer): void;
  /** A thread's rest has ended before its time. */
  woken(peer: Peer): void;
  /** One that was not told before. */
  notice(notice: ProfileNotice): void;
  /** The first request was completed. */
  request(): void;
}

export class Intake {
  readonly live = new Live();
  readonly peers = new Peers();
  /** Connections that were dropped because they did not speak our protocol, and why the newest was. */
  readonly refused = { count: 0, reason: "" };
  /** Processes that said hello, also those that have left. */
  readonly greeted: Greeted[] = [];
  /** What arrives from now on is left out. */
  ended = false;
  readonly ofPeers: PeerEvents = {
    hello: (connection, message) => this.welcome(connection, message),
    message: (connection, message) => this.receive(connection, message),
    refused: (reason, connection) => this.refuse(reason, connection),
    closed: (connection) => this.leave(connection),
  };
  private readonly leaving = new Set<Promise<void>>();
  private readonly openedMicros: number;

  constructor(
    private readonly builder: ProfileBuilder,
    private readonly folder: SessionFolder,
    private readonly clock: Clock,
    private readonly events: IntakeEvents,
  ) {
    this.openedMicros = clock.nowMicros();
  }

  /** Until the last windows of those that went are in. */
  async settled(): Promise<void> {
    await Promise.all(this.leaving);
  }

  /** @param from index of the worker that tells, null where none does */
  notice(notice: Omit<NoticeMessage, "type">, from: number | null = null): void {
    if (this.ended) return;
    const added = this.builder.addNotice(notice, this.clock.nowMicros(), from);
    if (added !== null) this.events.notice(added);
  }

  /** It has just begun to, while others are measured. */
  serves({ index, connection }: Peer): void {
    this.builder.serves(index, this.clock.nowMicros());
    connection.send({ type: "flush" });
  }

  private welcome(connection: PeerConnection, hello: HelloMessage): string | null {
    if (this.ended) return "The session is over.";
    if (this.peers.size >= MAX_CONNECTED) return this.turnAway(fill(NOTICES.manyThreads, MAX_CONNECTED));
    const startedMicros = this.clock.nowMicros();
    const parent = this.peers.processOf(hello.parentPid);
    const index = this.builder.addWorker({
      peer: hello.peer,
      pid: hello.pid,
      threadId: hello.threadId,
      // Until it listens: which of the processes is the server can't be told before.
      role: hello.threadId > 0 ? "thread" : "child",
      startedMicros,
      endedMicros: null,
      port: null,
      argv: hello.argv,
      ...(parent === null ? {} : { startedBy: parent.index }),
    });
    if (index === null) return this.turnAway(fill(NOTICES.manyCame, this.builder.workers.length));
    if (hello.threadId === 0 && this.greeted.length < MOST_GREETED) this.greeted.push(greetedBy(hello));
    if (index === 0) {
      this.builder.startedMicros = startedMicros;
      this.builder.measureFromMicros = Math.max(startedMicros, this.builder.measureFromMicros);
    }
    if (this.builder.node === "") this.builder.node = hello.node;
    this.peers.add({
      index,
      hello,
      connection,
      clock: new PeerClock(this.openedMicros),
      listening: null,
      ports: new Set(),
      measuredTo: 0,
      owesSince: null,
    });
    for (const [, text] of hello.unavailable)
      this.notice({ code: "probe-unavailable", severity: "warning", text });
    this.events.hello(hello, connection);
    this.events.workers();
    return null;
  }

  /** The server's own, and there are too many. */
  private turnAway(what: string): string {
    const text = fill(NOTICES.later, what);
    this.notice({ code: "dropped", severity: "warning", text });
    return `${what}.`;
  }

  private receive(connection: PeerConnection, message: Exclude<PeerMessage, HelloMessage>): void {
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    switch (message.type) {
      case "window":
        this.measure(peer, message);
        break;
      case "glance":
        if (!this.ended) this.builder.glance(peer.index, this.placed(peer, message));
        this.events.glance(peer);
        break;
      case "listening":
        this.listen(peer, message);
        break;
      case "notice": {
        const { type: _type, ...notice } = message;
        this.notice(notice, peer.index);
        break;
      }
      case "resting":
        peer.owesSince = null;
        this.events.glance(peer);
        break;
      case "woken":
        this.events.woken(peer);
    }
  }

  private measure(peer: Peer, sent: WindowMessage): void {
    if (this.ended) return;
    const message = this.placed(peer, sent);
    const window = this.builder.addWindow(peer.index, message);
    peer.measuredTo = Math.max(peer.measuredTo, message.endMicros);
    if (peer.owesSince !== null && message.endMicros >= peer.owesSince) peer.owesSince = null;
    if (window === null) {
      // It has answered all the same.
      this.events.glance(peer);
      return;
    }
    const had = this.live.requestsEver;
    this.live.add(message, peer.ports.size > 0);
    this.events.window(peer, message);
    if (had === 0 && this.live.requestsEver > 0) this.events.request();
  }

  /** @throws RangeError */
  private placed<T extends GlanceMessage | WindowMessage>({ clock, hello }: Peer, sent: T): T {
    const before = clock.shiftMicros;
    const message = clock.place(sent, this.clock.nowMicros());
    const { shiftMicros } = clock;
    if (before === null && shiftMicros !== null && shiftMicros !== 0) {
      const text = fill(NOTICES.clockSet, hello.pid, Math.abs(Math.round(shiftMicros / 1e6)));
      this.notice({ code: "coverage", severity: "info", text });
    }
    return message;
  }

  private listen(peer: Peer, message: ListeningMessage): void {
    // A second port does not replace the first; the same one told again (its topology is settled now) does.
    const known = peer.listening;
    if (message.port !== null) peer.ports.add(message.port);
    if (known === null || known.port === null || known.port === message.port) peer.listening = message;
    this.builder.updateWorker(peer.index, { role: "peer", port: peer.listening?.port ?? null });
    const { server } = this.peers;
    if (server !== null) {
      this.builder.topology = server.listening.topology;
      this.builder.node = peer.hello.peer === 0 ? peer.hello.node : this.builder.node;
    }
    this.events.listening(known === null, peer);
    this.events.workers();
  }

  private leave(connection: PeerConnection): void {
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    const endedMicros = this.clock.nowMicros();
    const leaving = this.takeLastWindow(peer).finally(() => {
      this.peers.remove(connection);
      this.leaving.delete(leaving);
      this.builder.updateWorker(peer.index, { endedMicros });
      this.events.workers();
    });
    this.leaving.add(leaving);
  }

  private async takeLastWindow(peer: Peer): Promise<void> {
    if (this.ended) return;
    const window = await awaitLastWindow(this.folder, peer.hello.pid, peer.hello.threadId);
    if (window === null) return;
    try {
      this.measure(peer, window);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  private refuse(reason: string, connection: PeerConnection): void {
    this.refused.count++;
    this.refused.reason = reason;
    const peer = this.peers.of(connection);
    if (peer === undefined) return;
    const text = fill(NOTICES.notMeasured, peer.hello.pid, reason);
    this.notice({ code: "dropped", severity: "warning", text });
  }
}

function greetedBy({ pid, parentPid, node, execArgv, argv }: HelloMessage): Greeted {
  return { pid, parentPid, node, words: [...execArgv, ...argv.slice(1)] };
}
