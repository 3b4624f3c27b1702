// Unit tests: the load that is sent to a server.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { driveLoad, loadUrl, shownOrigin, shownPlace } from "../../src/collector/load/driveLoad.ts";
import { not2xx } from "../../src/collector/ownNotices.ts";
import { UserError } from "../../src/common/errors.ts";
import { type Built, buildBundles } from "./built.ts";

let built: Built;
let server: Server;
let url = "";
const seen = { requests: 0, methods: new Set<string | undefined>() };

before(async () => {
  built = await buildBundles("load");
  server = createServer((request, response) => {
    seen.requests++;
    seen.methods.add(request.method);
    response.statusCode = request.url === "/missing" ? 404 : 200;
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await built.remove();
});

const OPTIONS = { connections: 2, durationSeconds: 60, method: "GET", ratePerSecond: null };

test("it goes on until it is stopped, and tells what came of it", async () => {
  const load = driveLoad(process.execPath, built.folder, { ...OPTIONS, url: `${url}/orders`, method: "PUT" });
  const first = once(server, "request");
  const progressed = new Promise<number>((resolve) => load.onProgress(resolve));
  await load.started;
  await first;
  assert.ok((await progressed) > 0);
  load.stop();
  load.stop();
  const result = await load.done;
  assert.ok(result !== null && result.answered > 0 && result.requestsPerSecond > 0);
  assert.equal(result.non2xx, 0);
  assert.ok(seen.requests >= result.answered);
  assert.deepEqual([...seen.methods], ["PUT"]);
});

test("a rate is kept, other statuses are counted", async () => {
  const load = driveLoad(process.execPath, built.folder, {
    ...OPTIONS,
    url: `${url}/missing`,
    durationSeconds: 2,
    ratePerSecond: 20,
  });
  const result = await load.done;
  // Without a rate some thousands. A busy machine ends the load some seconds late.
  assert.ok(result !== null && result.answered > 0 && result.answered <= 200, `${result?.answered} answered`);
  assert.equal(result.non2xx, result.answered);
});

test("each request has a connection of its own where that is asked for", async () => {
  const ports = new Set<number | undefined>();
  const note = ({ remotePort }: { remotePort?: number }) => ports.add(remotePort);
  server.on("connection", note);
  const options = { ...OPTIONS, durationSeconds: 2, ratePerSecond: 40, reconnects: true };
  const load = driveLoad(process.execPath, built.folder, { ...options, url: `${url}/missing` });
  const before = seen.requests;
  const progressed = new Promise<number>((resolve) => load.onProgress(resolve));
  const result = await load.done;
  server.off("connection", note);
  assert.ok((await progressed) > 0);
  assert.ok(result !== null && result.answered > 0 && result.answered <= 400, `${result?.answered} answered`);
  assert.deepEqual([result.errors, result.timeouts, result.non2xx], [0, 0, result.answered]);
  assert.equal(seen.requests - before, result.answered);
  assert.equal(ports.size, result.answered);
  assert.ok(result.p50Ms > 0 && result.p99Ms >= result.p50Ms);
});

test("nobody there is a result, no load process is an error", async () => {
  const spare = createServer().listen(0, "127.0.0.1");
  await once(spare, "listening");
  const { port } = spare.address() as AddressInfo;
  spare.close();
  await once(spare, "close");
  const nobody = driveLoad(process.execPath, built.folder, {
    ...OPTIONS,
    url: `http://127.0.0.1:${port}/`,
    durationSeconds: 1,
  });
  const result = await nobody.done;
  assert.ok(result !== null && result.errors > 0);
  assert.equal(result.answered, 0);
  const stopped = driveLoad(process.execPath, built.folder, {
    ...OPTIONS,
    url: `http://127.0.0.1:${port}/`,
    reconnects: true,
  });
  await new Promise<number>((resolve) => stopped.onProgress(resolve));
  stopped.stop();
  const none = await stopped.done;
  assert.ok(none !== null && none.errors > 0);
  assert.equal(none.answered, 0);
  const without = driveLoad("/no/such/node", built.folder, { ...OPTIONS, url });
  await without.started;
  await assert.rejects(without.done, UserError);
  await assert.rejects(driveLoad(process.execPath, "/no/such/folder", { ...OPTIONS, url }).done, UserError);
});

test("a path finds the server's own address", () => {
  const at = (address: string) => loadUrl("/orders?x=1", { port: 3000, address });
  assert.equal(at("::"), "http://127.0.0.1:3000/orders?x=1");
  assert.equal(at("0.0.0.0"), "http://127.0.0.1:3000/orders?x=1");
  assert.equal(at("::1"), "http://[::1]:3000/orders?x=1");
  assert.equal(at("10.0.0.7"), "http://10.0.0.7:3000/orders?x=1");
  const overTls = { port: 3443, address: "::", tls: true };
  assert.equal(loadUrl("/orders", overTls), "https://127.0.0.1:3443/orders");
  assert.throws(() => loadUrl("/orders", { port: null, address: "/tmp/a.sock" }), UserError);
  assert.throws(() => loadUrl("/orders", null), UserError);
  assert.throws(() => loadUrl("ftp://example.org", null), UserError);
  assert.throws(() => loadUrl("http://", null), UserError);
});

test("people are shown where it listens", () => {
  const at = (address: string, tls = false) => shownOrigin({ port: 3000, address, tls });
  for (const own of ["", "::", "0.0.0.0", "127.0.0.1", "::1", "localhost"])
    assert.equal(at(own), "http://localhost:3000", own);
  assert.equal(at("::", true), "https://localhost:3000");
  assert.equal(at("10.0.0.7"), "http://10.0.0.7:3000");
  assert.equal(at("fd00::7", true), "https://[fd00::7]:3000");
  // No HTTP server, so no URL.
  const raw = { port: 3000, address: "::", raw: true };
  assert.equal(shownOrigin(raw), "localhost:3000");
  assert.equal(shownPlace(raw), "127.0.0.1:3000");
  assert.equal(shownPlace({ port: 3000, address: "::1" }), "http://[::1]:3000/");
  assert.equal(shownPlace({ port: null, address: "/tmp/a.sock" }), "/tmp/a.sock");
  assert.equal(shownOrigin({ port: null, address: "/tmp/a.sock" }), null);
  assert.equal(shownOrigin(null), null);
});

test("a load never leaves for another host", () => {
  const listening = { port: 3000, address: "10.0.0.7" };
  const to = (target: string) => new URL(loadUrl(target, listening)).host;
  for (const path of ["//example.org/x", "/\\example.org/x", "/\t/example.org/x", "/@example.org/x"])
    assert.equal(to(path), "10.0.0.7:3000", path);
  for (const own of ["localhost:1", "127.0.0.1:1", "127.8.9.1:1", "[::1]:1", "0.0.0.0:1", "10.0.0.7:1"])
    assert.equal(to(`http://${own}/a`), own);
  assert.equal(loadUrl("https://localhost/a", null), "https://localhost/a");
  for (const other of [
    "example.org",
    "10.0.0.8",
    "localhost.example.org",
    "127.0.0.1.example.org",
    "128.0.0.1",
  ])
    assert.throws(() => loadUrl(`http://${other}/a`, listening), /neither this machine nor where/, other);
  assert.throws(() => loadUrl("http://localhost@example.org/a", listening), /example\.org is neither/);
});

test("a path of two slashes reaches the server as it is", async () => {
  const { port } = server.address() as AddressInfo;
  const asked = once(server, "request");
  const load = driveLoad(process.execPath, built.folder, {
    ...OPTIONS,
    url: loadUrl("//orders", { port, address: "127.0.0.1" }),
  });
  const [request] = await asked;
  assert.equal(request.url, "//orders");
  load.stop();
  assert.ok(((await load.done)?.answered ?? 0) > 0);
});

test("a load that is answered by errors is told of, without what may be secret of its target", () => {
  const asked = { method: "GET", target: "https://me:secret@localhost:1/orders?token=secret" };
  assert.deepEqual(not2xx(asked, { answered: 1_000, non2xx: 10 }), {
    code: "load-not-2xx",
    severity: "warning",
    text: "Of 1000 answers to the load (GET /orders), 10 were not 2xx: figures a request are of all of them.",
  });
  for (const [target, shown] of [
    ["//[", "//["],
    ["http://localhost:1?token=secret", "/"],
  ] as const)
    assert.ok(not2xx({ ...asked, target }, { answered: 1, non2xx: 1 })?.text.includes(`(GET ${shown})`));
  assert.equal(not2xx({ ...asked, target: "/orders" }, { answered: 1_000, non2xx: 9 }), null);
  assert.equal(not2xx(asked, { answered: 0, non2xx: 0 }), null);
});
