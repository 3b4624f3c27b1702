// Benchmark: a load that costs less than the servers it drives. autocannon costs more than they do, so that server and
// load would wait for each other by turns, and what a wake-up costs would stand in the server's time. One request at a
// time on each connection, GET only.

import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const CHUNKS_END = "0\r\n\r\n";

export class Load {
  /** Answered so far. */
  requests = 0;
  private latencies: number[] = [];
  private readonly sockets: Socket[] = [];
  private stopped = false;
  private failure: Error | null = null;

  constructor(url: string, connections: number) {
    const { hostname, port, pathname } = new URL(url);
    const request = Buffer.from(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    for (let i = 0; i < connections; i++) this.sockets.push(this.open(Number(port), hostname, request));
  }

  /** @throws when an answer was not 200, or a connection broke */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** Milliseconds, of the requests answered since the last call; they are forgotten. */
  takeLatencies(): number[] {
    const taken = this.latencies;
    this.latencies = [];
    return taken;
  }

  stop(): void {
    this.stopped = true;
    for (const socket of this.sockets) socket.destroy();
  }

  private open(port: number, host: string, request: Buffer): Socket {
    const socket = connect(port, host).setNoDelay(true);
    let sentAt = 0;
    let missing = -1;
    let tail = "";
    const send = () => {
      sentAt = performance.now();
      missing = -1;
      tail = "";
      socket.write(request);
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      if (missing < 0) missing = lengthOf(chunk);
      if (Number.isNaN(missing))
        return this.fail(new Error(`No good answer: ${chunk.toString("latin1", 0, 64)}`));
      missing -= chunk.length;
      if (missing === Number.POSITIVE_INFINITY) {
        const end = chunk.toString("latin1", Math.max(0, chunk.length - CHUNKS_END.length));
        tail = (tail + end).slice(-CHUNKS_END.length);
      }
      const ended = missing === Number.POSITIVE_INFINITY ? tail === CHUNKS_END : missing <= 0;
      if (!ended) return;
      this.requests++;
      this.latencies.push(performance.now() - sentAt);
      if (!this.stopped) send();
    });
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => {
      if (!this.stopped) this.fail(new Error("The server closed a connection."));
    });
    return socket;
  }

  private fail(error: Error): void {
    if (!this.stopped) this.failure ??= error;
  }
}

/** Bytes of the whole answer by its first chunk; infinite when it comes in chunks, NaN when it is not 200. */
function lengthOf(chunk: Buffer): number {
  const end = chunk.indexOf(HEAD_END);
  const head = chunk.toString("latin1", 0, Math.max(0, end));
  if (end < 0 || !head.startsWith("HTTP/1.1 200")) return Number.NaN;
  const length = /^content-length: *(\d+)/im.exec(head);
  return length === null ? Number.POSITIVE_INFINITY : end + HEAD_END.length + Number(length[1]);
}
