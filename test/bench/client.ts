// Benchmark: a load that costs less than the servers it drives. autocannon costs more than they do, so that server and
// load would wait for each other by turns, and what a wake-up costs would stand in the server's time. One request at a
// time on each connection, as fast as it goes or at a rate: then a request's latency counts from when it was due.

import { connect, type Socket } from "node:net";
import { AnswerReader } from "./answers.ts";

/** How often a load at a rate looks whether a request is due. */
const PACE_MILLIS = 1;

export interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

interface Connection {
  readonly socket: Socket;
  readonly answers: AnswerReader;
  /** Null: none is under way. */
  dueAt: number | null;
}

export class Load {
  /** Answered so far. */
  requests = 0;
  private latencies: number[] = [];
  private readonly messages: readonly Buffer[];
  private readonly idle: Connection[] = [];
  private readonly sockets: Socket[] = [];
  private readonly due: number[] = [];
  private readonly pacer: NodeJS.Timeout | null = null;
  private sent = 0;
  private stopped = false;
  private failure: Error | null = null;

  /** @param rate requests a second; null: as many as the server answers */
  constructor(
    origin: string,
    requests: readonly Request[],
    connections: number,
    private readonly rate: number | null,
  ) {
    const { hostname, port, host } = new URL(origin);
    this.messages = requests.map((request) => messageOf(request, host));
    for (let i = 0; i < connections; i++) this.open(Number(port), hostname);
    if (rate !== null) this.pacer = this.pace(rate);
  }

  /** @throws when an answer was not 200, or a connection broke */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** What is overdue is not sent any more: a cold server fell behind, which is no latency of the warm one. */
  forgetOverdue(): void {
    this.due.length = 0;
  }

  /** Milliseconds, of the requests answered since the last call; they are forgotten. */
  takeLatencies(): number[] {
    const taken = this.latencies;
    this.latencies = [];
    return taken;
  }

  stop(): void {
    this.stopped = true;
    if (this.pacer !== null) clearInterval(this.pacer);
    for (const socket of this.sockets) socket.destroy();
  }

  private open(port: number, host: string): void {
    const socket = connect(port, host).setNoDelay(true);
    const connection: Connection = { socket, answers: new AnswerReader(), dueAt: null };
    this.sockets.push(socket);
    socket.on("connect", () => this.free(connection));
    socket.on("data", (part) => this.take(connection, part));
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(new Error("The server closed a connection.")));
  }

  private take(connection: Connection, part: Buffer): void {
    try {
      if (!connection.answers.take(part)) return;
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.requests++;
    this.latencies.push(performance.now() - (connection.dueAt ?? 0));
    connection.dueAt = null;
    if (!this.stopped) this.free(connection);
  }

  private free(connection: Connection): void {
    const dueAt = this.rate === null ? performance.now() : this.due.shift();
    if (dueAt === undefined) this.idle.push(connection);
    else this.send(connection, dueAt);
  }

  private send(connection: Connection, dueAt: number): void {
    connection.dueAt = dueAt;
    connection.socket.write(this.messages[this.sent++ % this.messages.length] as Buffer);
  }

  private pace(rate: number): NodeJS.Timeout {
    const begun = performance.now();
    let made = 0;
    return setInterval(() => {
      const now = performance.now();
      for (; begun + (made * 1000) / rate <= now; made++) {
        // Each in turn: servers close a connection that was idle for five seconds.
        const connection = this.idle.shift();
        // From now on, not from when it should have been: that this load comes late is not the server's latency.
        if (connection === undefined) this.due.push(now);
        else this.send(connection, now);
      }
    }, PACE_MILLIS);
  }

  private fail(error: Error): void {
    if (!this.stopped) this.failure ??= error;
  }
}

function messageOf({ method, path, body }: Request, host: string): Buffer {
  const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  if (body === undefined) return Buffer.from(`${head}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(`${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`);
}
