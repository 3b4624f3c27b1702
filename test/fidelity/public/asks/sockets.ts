// Tests: what is asked over WebSockets: echoes, large and compressed messages, closes, refused upgrades.

import { type ClientOptions, WebSocket } from "ws";
import { ALONE, type Asker } from "../asker.ts";

const LONG = "a text that is long enough to be compressed, ".repeat(20);

export async function askWs(ask: Asker): Promise<void> {
  await ask.each(["/", "/any"]);
  await talk(ask, "/echo?name=ann", [
    "text",
    "ü",
    LONG,
    Buffer.from([0, 1, 254, 255]),
    Buffer.alloc(1 << 20, 7),
  ]);
  await talk(ask, "/echo?name=uncompressed", ["text", LONG], { perMessageDeflate: false });
  await talk(ask, "/echo?name=protocols", ["x"], {}, ["first", "second"]);
  await talk(ask, "/echo?name=asks", ["large", "pieces"]);
  await talk(ask, "/echo?name=closed", ["close"]);
  await talk(ask, "/echo?name=too%20large", [Buffer.alloc(3 << 20)]);
  await talk(ask, "/refused", []);
  await talk(ask, "/destroyed", []);
  const head = "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  await ask.raw("refused upgrade", `GET /refused HTTP/1.1\r\n${head}\r\n`);
  await ask.raw("no key", `GET /echo HTTP/1.1\r\n${head}\r\n`);
  await ask.raw(
    "old version",
    `GET /echo HTTP/1.1\r\n${head}Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 7\r\n\r\n`,
  );
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, at) => conversation(ask, `/echo?name=${at}`, ["a", LONG])),
  );
  ask.say("twenty at once", many);
  if (ask.workers === 1) await askAll(ask);
  await ask.burst(["/", "/burst"], 100);
}

export async function askFastifySocket(ask: Asker): Promise<void> {
  await talk(ask, "/socket?name=ann", ["text", LONG, Buffer.from([1, 2, 3])]);
  await talk(ask, "/nosocket", []);
}

async function talk(
  ask: Asker,
  path: string,
  words: readonly (string | Buffer)[],
  options: ClientOptions = {},
  protocols: readonly string[] = [],
): Promise<void> {
  ask.say(`socket ${path}`, await conversation(ask, path, words, options, protocols));
}

/** What comes back, message by message: the next is sent when the one before was answered. */
function conversation(
  ask: Asker,
  path: string,
  words: readonly (string | Buffer)[],
  options: ClientOptions = {},
  protocols: readonly string[] = [],
): Promise<unknown[]> {
  return new Promise((resolve) => {
    const heard: unknown[] = [];
    const left = [...words];
    const socket = new WebSocket(`ws://127.0.0.1:${ask.port}${path}`, [...protocols], options);
    socket.on("upgrade", ({ statusCode, headers }) =>
      heard.push([
        statusCode,
        headers.upgrade,
        headers["sec-websocket-protocol"] ?? null,
        headers["sec-websocket-extensions"] ?? null,
      ]),
    );
    socket.on("unexpected-response", (request, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => {
        heard.push([response.statusCode, response.headers["content-length"] ?? null, body]);
        request.destroy();
        resolve(heard);
      });
    });
    socket.on("error", (error) => heard.push(error.message));
    socket.on("close", (code, reason) => resolve([...heard, [code, String(reason)]]));
    socket.on("pong", (data) => heard.push(`pong ${data}`));
    socket.on("message", (data: Buffer, binary) => {
      heard.push(binary ? `${data.length} bytes, ${data[0]}` : String(data).slice(0, 100));
      const next = left.shift();
      if (next === undefined) socket.close(1000, "enough");
      else socket.send(next);
    });
  });
}

/** Two sockets on one server, and what one has sent to all. */
async function askAll(ask: Asker): Promise<void> {
  const heard: string[] = [];
  const sockets = ["one", "other"].map(
    (name) => new WebSocket(`ws://127.0.0.1:${ask.port}/echo?name=${name}`),
  );
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("message", resolve))));
  const all = Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) =>
          socket.once("message", (data) => {
            heard.push(String(data));
            resolve();
          }),
        ),
    ),
  );
  sockets[0]?.send("all");
  await all;
  ask.say(`${ALONE}to all`, heard);
  await Promise.all(
    sockets.map((socket) => {
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.close();
      return closed;
    }),
  );
}
