// undici as a client: a server whose answers are what it gets from another.

import { createHash } from "node:crypto";
import http from "node:http";
import { Readable, Writable } from "node:stream";
import {
  Agent,
  EventSource,
  errors,
  FormData,
  fetch,
  interceptors,
  MockAgent,
  Pool,
  pipeline,
  request,
  stream,
  WebSocket,
} from "undici";
import { LARGE, serve, sleep } from "./served.mjs";

const upstream = process.env.UPSTREAM;
const pool = new Pool(upstream, { connections: 2, pipelining: 1 });
const retrying = new Agent().compose(interceptors.retry({ maxRetries: 3, minTimeout: 1, maxTimeout: 2 }));
const agent = new Agent({ headersTimeout: 2_000 });
const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex");

const routes = {
  async request() {
    const { statusCode, headers, body } = await request(`${upstream}/json`, {
      method: "POST",
      body: '{"a":[1]}',
    });
    return { statusCode, type: headers["content-type"], body: await body.json() };
  },
  async fetch() {
    const answer = await fetch(`${upstream}/large`);
    const { body, headers, status } = answer;
    const sizes = [];
    for await (const chunk of body) sizes.push(chunk.length);
    return { status, type: headers.get("content-type"), total: sizes.reduce((sum, size) => sum + size, 0) };
  },
  async text() {
    const answer = await fetch(`${upstream}/json`, { method: "PUT", body: "pläin" });
    const copy = answer.clone();
    return [
      await answer.text(),
      (await copy.bytes()).length,
      await copy.text().catch((error) => `${error.name}: ${error.message}`),
    ];
  },
  async form() {
    const form = new FormData();
    form.set("title", "a title");
    form.append("file", new Blob([LARGE]), "large.bin");
    const answer = await fetch(`${upstream}/hash`, { method: "POST", body: form });
    const { type, size } = await answer.json();
    return { type: type.replace(/boundary=.*/, ""), parts: size > LARGE.length };
  },
  async upload() {
    const body = Readable.from(Array.from({ length: 16 }, () => LARGE.subarray(0, 65_536)));
    const answer = await request(`${upstream}/hash`, { method: "POST", body });
    return answer.body.json();
  },
  async stream() {
    const chunks = [];
    const { trailers } = await stream(
      `${upstream}/large`,
      { opaque: { chunks } },
      ({ opaque }) =>
        new Writable({
          write(chunk, _encoding, done) {
            opaque.chunks.push(chunk);
            done();
          },
        }),
    );
    return { hash: hashOf(Buffer.concat(chunks)), trailers };
  },
  async pipeline() {
    const chunks = [];
    const through = Readable.from(["a", "b", LARGE]).pipe(
      pipeline(`${upstream}/hash`, { method: "POST" }, ({ statusCode, body }) => {
        chunks.push(String(statusCode));
        return body;
      }),
    );
    for await (const chunk of through) chunks.push(String(chunk));
    return chunks;
  },
  async pool() {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        pool.request({ path: `/number?${at}`, method: "GET" }).then(({ body }) => body.text()),
      ),
    );
    return answers;
  },
  async retry() {
    const key = `${Math.random()}`;
    const { statusCode, body } = await request(`${upstream}/flaky?${key}`, { dispatcher: retrying });
    return [statusCode, await body.text()];
  },
  async errors() {
    const found = [];
    const tried = async (name, promise) => {
      await promise.then(
        () => found.push([name, "nothing"]),
        (error) =>
          found.push([
            name,
            error.name,
            error.code,
            error.message.replace(/:\d+/, ":PORT"),
            error instanceof errors.UndiciError,
            error.cause?.code ?? null,
          ]),
      );
    };
    await tried("refused", request("http://127.0.0.1:1/"));
    await tried("refused by fetch", fetch("http://127.0.0.1:1/"));
    await tried("reset", request(`${upstream}/reset`));
    await tried("reset by fetch", fetch(`${upstream}/reset`));
    await tried(
      "half",
      request(`${upstream}/half`).then(({ body }) => body.text()),
    );
    await tried(
      "half by fetch",
      fetch(`${upstream}/half`).then((answer) => answer.arrayBuffer()),
    );
    await tried(
      "not json",
      fetch(`${upstream}/number`)
        .then((answer) => answer.json())
        .then(() => fetch(`${upstream}/large`))
        .then((answer) => answer.json()),
    );
    await tried("aborted", fetch(`${upstream}/never`, { signal: AbortSignal.timeout(20) }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("my reason")), 10);
    await tried("aborted for a reason", request(`${upstream}/never`, { signal: controller.signal }));
    await tried("headers", request(`${upstream}/`, { headers: { "bad header": "x" } }));
    await tried("no such path", agent.request({ origin: upstream, path: "no slash", method: "GET" }));
    return found;
  },
  async mocked() {
    const mocks = new MockAgent();
    mocks.disableNetConnect();
    mocks
      .get("http://mocked.example")
      .intercept({ path: "/a" })
      .reply(200, { mocked: true }, { headers: { "x-a": "1" } });
    const { headers, body } = await request("http://mocked.example/a", { dispatcher: mocks });
    const refused = await request("http://mocked.example/b", { dispatcher: mocks }).catch(({ name }) => name);
    return [headers, await body.json(), refused];
  },
  async socket() {
    const socket = new WebSocket(`${upstream.replace("http", "ws")}/echo`);
    const heard = [];
    await new Promise((resolve, reject) => {
      socket.onopen = () => socket.send("first");
      socket.onerror = (event) => reject(event.error ?? new Error("socket"));
      socket.onclose = ({ code, reason }) => resolve(heard.push(["close", code, reason]));
      socket.onmessage = ({ data }) => {
        heard.push(data);
        if (heard.length === 3) socket.close(4002, "enough");
        else socket.send(`more ${heard.length}`);
      };
    });
    return heard;
  },
  async events() {
    const source = new EventSource(`${upstream}/events`);
    const heard = [];
    await new Promise((resolve) => {
      source.addEventListener("tick", ({ data, lastEventId }) => {
        if (heard.push([data, lastEventId]) === 3) resolve();
      });
    });
    source.close();
    return heard;
  },
};

const server = http.createServer(async (asked, response) => {
  const name = asked.url.slice(1);
  if (name === "slow") {
    response.write("begun ");
    await sleep(300);
    return response.end("done");
  }
  try {
    if (!Object.hasOwn(routes, name)) response.statusCode = 404;
    response.end(JSON.stringify((await routes[name]?.()) ?? null));
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    response.writeHead(500).end(`${error.name}: ${error.message}`);
  }
});
serve(server, async () => {
  await Promise.all([pool.close(), retrying.close(), agent.close()]);
});
