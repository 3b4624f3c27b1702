// Tests: asks a server over HTTP and writes down what it answers, as "label: JSON" lines: status, headers in their
// order, body.

import { createHash } from "node:crypto";
import http from "node:http";
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const SHOWN_CHARACTERS = 4_096;
/** Against an answer that never comes. */
const DEADLINE_MS = 60_000;
/** A frame, in a text or in JSON. */
const STACK = /(?:\n|\\n) +at /;

/** Of answers that several workers can't give: what one knows, the others don't. */
export const ALONE = "alone, ";

export interface Ask {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  /** Several are sent one by one, in chunks. */
  readonly body?: string | Buffer | readonly Buffer[];
}

export class Asker {
  readonly lines: string[] = [];
  /** Answers that the server's own code gave, those that Darcy counts as requests. */
  requests = 0;
  /** Of clients that went away: the server may have answered all the same. */
  unheard = 0;
  private readonly keptAlive = new http.Agent({ keepAlive: true, maxSockets: 4 });

  constructor(
    readonly port: number,
    /** Of the server: what only one can answer (state in memory) is not asked of several. */
    readonly workers: number,
  ) {}

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A label that begins with `ALONE` is asked of one worker only. */
  say(label: string, value: unknown): void {
    this.lines.push(`${label}: ${JSON.stringify(value)}`);
  }

  /** Asks, and writes the answer down. */
  async http(path: string, ask: Ask = {}, label = `${ask.method ?? "GET"} ${path}`): Promise<void> {
    this.say(label, await this.answer(path, ask));
    this.requests++;
  }

  async each(paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.http(path);
  }

  answer(path: string, { method, headers, body }: Ask = {}, agent?: http.Agent): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: "127.0.0.1",
        port: this.port,
        path,
        method: method ?? "GET",
        headers: headers ?? {},
        agent: agent ?? this.keptAlive,
        timeout: DEADLINE_MS,
      });
      const informed: number[] = [];
      request.on("information", ({ statusCode }) => informed.push(statusCode));
      request.on("error", reject);
      request.on("timeout", () => request.destroy(new Error(`no answer to ${path}`)));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: `${response.statusCode} ${response.statusMessage}`,
            ...(informed.length > 0 ? { informed } : {}),
            ...shown(response.rawHeaders, Buffer.concat(chunks)),
            ...(response.rawTrailers.length > 0 ? { trailers: response.rawTrailers } : {}),
          }),
        );
      });
      if (Array.isArray(body)) void sendSlowly(request, body as readonly Buffer[]);
      else request.end(body);
    });
  }

  /** What comes back over one socket until the server closes it. @param answered how many of them are requests */
  async raw(label: string, text: string, answered = 0): Promise<void> {
    const socket = net.connect(this.port, "127.0.0.1");
    socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error(`no end: ${label}`)));
    socket.write(text);
    let heard = "";
    try {
      for await (const chunk of socket) heard += chunk;
    } catch (error) {
      heard += `(${(error as NodeJS.ErrnoException).code})`;
    }
    this.say(label, heard.replace(/Date: [^\r]+/g, "Date: …"));
    this.requests += answered;
  }

  /** Sends half of a body and goes away. */
  async goAway(path: string, headers: http.OutgoingHttpHeaders): Promise<void> {
    const request = http.request({
      host: "127.0.0.1",
      port: this.port,
      path,
      method: "POST",
      headers,
      agent: false,
    });
    request.on("error", () => {});
    const gone = new Promise((resolve) => request.on("close", resolve));
    request.write(Buffer.alloc(65_536), () => request.destroy());
    await gone;
    this.unheard++;
  }

  /** The distinct answers to many requests over 16 connections at once. */
  async burst(paths: readonly string[], times: number): Promise<void> {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    const found = new Map<string, Set<string>>();
    const asks = Array.from({ length: times }, () => paths).flat();
    await Promise.all(
      asks.map(async (path) => {
        const answers = found.get(path) ?? found.set(path, new Set()).get(path);
        answers?.add(JSON.stringify(await this.answer(path, {}, agent)));
        this.requests++;
      }),
    );
    agent.destroy();
    for (const [path, answers] of found) this.say(`${times} times ${path}`, [...answers].sort());
  }

  /** A request that is being answered while `signal` is sent. */
  async whileAnswering(path: string, signal: () => void): Promise<void> {
    const agent = new http.Agent();
    const text = await new Promise<string>((resolve) => {
      const request = http.get({ host: "127.0.0.1", port: this.port, path, agent }, (response) => {
        let heard = "";
        response.once("data", signal);
        response.on("data", (chunk) => {
          heard += chunk;
        });
        response.on("end", () => resolve(heard));
        response.on("error", (error) => resolve(`${heard}(${error.message})`));
      });
      request.on("error", (error) => resolve(`(${error.message})`));
    });
    this.say("answered while closing", text);
    this.requests++;
  }

  close(): void {
    this.keptAlive.destroy();
  }
}

async function sendSlowly(request: http.ClientRequest, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    request.write(piece);
    await delay(1);
  }
  request.end();
}

/** The length of a body that has a stack depends on its frames, which are compared by themselves. */
function shown(rawHeaders: readonly string[], bytes: Buffer): { headers: string[]; body: string } {
  const body = shownBody(bytes);
  const headers = comparableHeaders(rawHeaders);
  const hasStack = STACK.test(body);
  return {
    headers: hasStack ? headers.map((line) => line.replace(/^(content-length|etag): .*/i, "$1")) : headers,
    body,
  };
}

/** Those of pages of Express's and of lists of Apollo's, as V8 writes them. */
function withPlainStacks(text: string): string {
  return text
    .replaceAll("<br> &nbsp; &nbsp;at ", "\n    at ")
    .replace("</pre>", "\n</pre>")
    .replaceAll('","    at ', "\n    at ")
    .replace(/(\n +at [^\n"]*)"\]/g, '$1\n"]');
}

function comparableHeaders(raw: readonly string[]): string[] {
  return Array.from({ length: raw.length / 2 }, (_, at) => {
    const [name, value] = [raw[at * 2] ?? "", raw[at * 2 + 1] ?? ""];
    return /^(?:date|last-modified)$/i.test(name) ? name : `${name}: ${value}`;
  });
}

function shownBody(body: Buffer): string {
  const text = body.toString();
  const isText = body.length <= SHOWN_CHARACTERS && !text.includes("\ufffd");
  return isText
    ? withPlainStacks(text)
    : `${body.length} bytes, ${createHash("sha256").update(body).digest("hex")}`;
}
