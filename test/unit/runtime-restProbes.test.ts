// Unit tests: what single probes do over a rest, with real connections.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import inspector from "node:inspector";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { test } from "node:test";
import { setTimeout as afterMillis } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import { emptyDraft } from "../../src/runtime/emptyDraft.ts";
import { Faults } from "../../src/runtime/faults.ts";
import { HttpRequestsProbe } from "../../src/runtime/probes/http/httpRequests.ts";
import { NetworkBytes } from "../../src/runtime/probes/io/networkBytes.ts";
import { LoopProbe } from "../../src/runtime/probes/locks/loop/loopProbe.ts";
import type { ProbeContext } from "../../src/runtime/probes/probe.ts";
import { Meter } from "../../src/runtime/sampling/meter.ts";
import { StackTable } from "../../src/runtime/sampling/stackTable.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function contextOf(meter: Meter): ProbeContext {
  return {
    meter,
    faults: new Faults((owner) => assert.fail(`${owner} was turned off`)),
    options: DEFAULT_SAMPLING,
    mainThread: true,
    notice: () => {},
  };
}
const newMeter = () => new Meter(new StackTable(), 100, 1_000);

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

test("closed connections are not kept until a window is cut, and their bytes count all the same", async () => {
  const connections = 600;
  const network = new NetworkBytes();
  network.start(newMeter());
  const accepted: WeakRef<object>[] = [];
  const server = createServer((socket) => {
    accepted.push(new WeakRef(socket));
    socket.end("answer");
    socket.resume();
  });
  const port = await listening(server);
  try {
    for (let count = 0; count < connections; count++) {
      const client = connect(port, "127.0.0.1");
      client.end("asked").resume();
      await once(client, "close");
    }
    await afterMillis(20);
    collectGarbage();
    const kept = accepted.filter((socket) => socket.deref() !== undefined).length;
    assert.ok(kept < 150, `${kept} of ${connections} are kept`);
    // Both ends are this process's.
    const bytes = connections * ("asked".length + "answer".length);
    assert.deepEqual(network.take(), { received: bytes, sent: bytes });
    assert.deepEqual(network.take(), { received: 0, sent: 0 });
  } finally {
    network.stop();
    server.close();
  }
});

test("a pipelined request that was not seen does not pass for the one behind it", async () => {
  const probe = new HttpRequestsProbe();
  const responses: ServerResponse[] = [];
  const server = createHttpServer((_request, response) => void responses.push(response));
  const client = connect(await listening(server), "127.0.0.1");
  client.resume();
  const ask = async (path: string) => {
    const before = responses.length;
    client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    while (responses.length === before) await afterMillis(1);
  };
  probe.start(contextOf(newMeter()));
  try {
    probe.rest();
    await ask("/unseen");
    await ask("/neither");
    probe.beforeResume();
    await ask("/first");
    await ask("/second");
    probe.resume();
    responses[0]?.end("done");
    responses[1]?.end("done");
    await afterMillis(120);
    responses[2]?.end("done");
    await afterMillis(120);
    responses[3]?.end("done");
    await afterMillis(20);
    const draft = emptyDraft(0);
    probe.collect(draft);
    const routes = new Map(draft.routes.map(([id, , pattern]) => [id, pattern]));
    const told = Object.fromEntries(
      draft.requests.map(([id, count, micros, , , , untimed = 0]) => [
        routes.get(id),
        [count, untimed, Math.floor(micros / 1e5)],
      ]),
    );
    assert.deepEqual(told, {
      "/unseen": [1, 1, 0],
      "/neither": [1, 1, 0],
      "/first": [1, 0, 1],
      "/second": [1, 0, 2],
    });
  } finally {
    probe.stop();
    client.destroy();
    server.close();
  }
});

test("no profile of the event loop begins when a rest does", async () => {
  const started = countProfiles();
  const meter = newMeter();
  const context = contextOf(meter);
  const requests = new HttpRequestsProbe();
  const loop = new LoopProbe();
  const server = createHttpServer((_request, response) => {
    for (const until = performance.now() + 15; performance.now() < until; );
    response.end("done");
  });
  const port = await listening(server);
  const ask = () => fetch(`http://127.0.0.1:${port}`).then((answer) => answer.text());
  requests.start(context);
  loop.start(context);
  try {
    // Waiting that a window would have profiled.
    for (let turn = 0; turn < 5; turn++) await Promise.all(Array.from({ length: 10 }, ask));
    loop.beforeRest();
    loop.collect(emptyDraft(0));
    loop.rest();
    assert.equal(started.count, 0);
    loop.collect(emptyDraft(0));
    loop.resume();
    assert.equal(started.count, 0);
    loop.collect(emptyDraft(0));
    assert.equal(started.count, 1, "there was nothing to profile");
  } finally {
    loop.stop();
    requests.stop();
    server.close();
    started.stop();
  }
});

/** Of V8's CPU profiles that are begun in this thread. */
function countProfiles(): { count: number; stop(): void } {
  const { prototype } = inspector.Session;
  const { post } = prototype;
  const counted = {
    count: 0,
    stop: () => {
      prototype.post = post;
    },
  };
  prototype.post = function (this: inspector.Session, ...words: [string]) {
    if (words[0] === "Profiler.start") counted.count++;
    return Reflect.apply(post, this, words);
  } as typeof post;
  return counted;
}
