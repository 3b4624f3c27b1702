// Tests: what is asked of a web framework: bodies, errors, streams, uploads, files, bad clients.

import type { Asker } from "../asker.ts";

const json = { "Content-Type": "application/json" };
const BOUNDARY = "----darcy-fidelity";

export function multipart(fields: Readonly<Record<string, string>>, files: readonly Buffer[]): Buffer {
  const parts = [
    ...Object.entries(fields).map(([name, value]) =>
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    ),
    ...files.flatMap((bytes, at) => [
      Buffer.from(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="file ${at}.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`,
      ),
      bytes,
      Buffer.from("\r\n"),
    ]),
  ];
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** @param left routes that the program does not have */
export async function askWeb(ask: Asker): Promise<void> {
  await ask.each([
    "/",
    "/?name=ann&a=1&a=2",
    "/items/42",
    "/items/none",
    "/missing",
    "/redirect",
    "/throw",
    "/reject",
  ]);
  await ask.http("/", { method: "HEAD" });
  await ask.http("/items/1", { method: "OPTIONS" });
  await ask.http("/items/1", { method: "DELETE" });
  await ask.http("/cookies", { headers: { Cookie: "c=3; d=4" } });
  await askBodies(ask);
  await ask.each(["/stream", "/events", "/upstream", "/upstream-http", "/proxied", "/inject", "/denied"]);
  await ask.http("/zipped", { headers: { "Accept-Encoding": "gzip" } });
  await askFiles(ask);
  await askBadly(ask);
  await ask.burst(["/", "/items/7", "/stream", "/throw", "/static/large.txt"], 40);
}

async function askBodies(ask: Asker): Promise<void> {
  const large = Buffer.alloc(1 << 20, "abcdefgh");
  const form = { headers: { "Content-Type": `multipart/form-data; boundary=${BOUNDARY}` } };
  const pieces = Array.from({ length: 16 }, (_, at) => large.subarray(at << 16, (at + 1) << 16));
  await ask.http("/echo", { method: "POST", headers: json, body: '{"a":[1,null,"ü"],"b":{"c":1e3}}' });
  await ask.http("/echo", { method: "POST", headers: json, body: '{"a":' }, "POST /echo, broken");
  await ask.http("/echo", { method: "POST", headers: json, body: "" }, "POST /echo, empty");
  await ask.http(
    "/echo",
    { method: "POST", headers: json, body: `"${"x".repeat(90_000)}"` },
    "POST /echo, long",
  );
  await ask.http(
    "/form",
    {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "a=1&b=%C3%BC&a=2",
    },
    "POST /form",
  );
  const body = multipart({ title: "ä title" }, [large, Buffer.from("small")]);
  await ask.http("/upload", { method: "POST", ...form, body }, "POST /upload");
  await ask.http("/upload", { method: "POST", ...form, body: body.subarray(0, 400) }, "POST /upload, cut");
  const octets = { "Content-Type": "application/octet-stream" };
  await ask.http("/raw", { method: "PUT", headers: octets, body: pieces }, "PUT /raw, in pieces");
  await ask.http(
    "/raw",
    {
      method: "PUT",
      headers: { ...octets, Expect: "100-continue", "Content-Length": large.length },
      body: large,
    },
    "PUT /raw, expecting to go on",
  );
}

async function askFiles(ask: Asker): Promise<void> {
  await ask.http("/static/large.txt");
  await ask.http("/static/large.txt", { headers: { Range: "bytes=100-199" } }, "a range of a file");
  await ask.http("/static/large.txt", { headers: { "If-None-Match": "*" } }, "a file that is known");
  await ask.http("/static/none.txt");
}

/** Requests that Node's parser refuses, upgrades that nobody takes, clients that go away. */
async function askBadly(ask: Asker): Promise<void> {
  await ask.raw("garbage", "GARBAGE\r\n\r\n");
  await ask.raw("too many headers", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
  await ask.raw(
    "three in a row",
    `${"GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2)}GET /items/2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    3,
  );
  await ask.goAway("/echo", { ...json, "Content-Length": 90_000 });
  await ask.goAway("/raw", { "Transfer-Encoding": "chunked" });
  await ask.http("/", {}, "after clients that went away");
}
