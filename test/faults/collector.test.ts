// Faults: a collector that is killed, comes back, or does not read. The server goes on and stays as large as it was.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { serverEnvironment } from "../../src/collector/environment.ts";
import { createSessionFolder, removeSessionFolder } from "../../src/collector/sessionFolder.ts";
import { FrameReader } from "../../src/protocol/framing.ts";
import { DEFAULT_SAMPLING } from "../../src/protocol/sessionFile.ts";
import type { WindowMessage } from "../../src/protocol/window.ts";
import { type PeerMessage, WIRE_VERSION } from "../../src/protocol/wire.ts";
import { json } from "../fuzz/traffic.ts";
import { ALL, ask, DIST, FAULTY, isAlive, load, NODES, Server, until } from "./harness.ts";

const MEGABYTE = 1024 * 1024;

/** A collector that reads only while it is told to. */
class SlowCollector {
  readonly messages: PeerMessage[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.sockets.add(socket);
    const reader = new FrameReader();
    socket.on("error", () => undefined).on("close", () => this.sockets.delete(socket));
    socket.on("data", (chunk) =>
      reader.push(chunk, (body) => {
        const message = JSON.parse(new TextDecoder().decode(body)) as PeerMessage;
        this.messages.push(message);
        if (message.type === "hello") socket.write(json({ type: "welcome", version: WIRE_VERSION }));
      }),
    );
  });

  listen(path: string): Promise<void> {
    return new Promise((resolve) => this.server.listen(path, resolve));
  }

  get windows(): WindowMessage[] {
    return this.messages.filter((message): message is WindowMessage => message.type === "window");
  }

  get requests(): number {
    return this.windows.flatMap(({ requests }) => requests).reduce((sum, [, count]) => sum + count, 0);
  }

  get port(): number | null {
    return this.messages.find((message) => message.type === "listening")?.port ?? null;
  }

  read(reads: boolean): void {
    for (const socket of this.sockets) reads ? socket.resume() : socket.pause();
  }

  /** As the kernel does it for one that is killed. */
  async die(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

for (const [name, node] of NODES) {
  describe(`Node ${name}`, () => {
    it("a collector that does not read costs the server nothing, and misses nothing", async () => {
      // Windows without pause, so that a socket is soon full.
      const sampling = { ...DEFAULT_SAMPLING, heapWindowMillis: 0, windowMillis: 5 };
      const folder = await createSessionFolder({ workers: 1, topology: "single", sampling });
      const collector = new SlowCollector();
      await collector.listen(folder.socket);
      const environment = serverEnvironment({ ...process.env, PORT: "0" }, folder.file, `${DIST}/preload.js`);
      const server = new Server(node, environment);
      const port = await until("it listens", () => collector.port);
      let answered = await load(port, 2_000);
      collector.read(false);
      const before = Number(await ask(port, "/rss"));
      answered += 1 + (await load(port, ALL ? 100_000 : 8_000));
      const after = Number(await ask(port, "/rss"));
      answered++;
      const heldBack = collector.requests;
      collector.read(true);
      await until("all requests are told", () => collector.requests === answered);
      assert.ok(heldBack < answered, "some were held back");
      assert.ok(after < before + 96 * MEGABYTE, `${before / MEGABYTE} to ${after / MEGABYTE} MB`);
      const { windows } = collector;
      assert.deepEqual(
        windows.map(({ sequence }) => sequence),
        windows.map((_, i) => i),
        "windows grow, none is dropped",
      );
      await collector.die();
      assert.equal(await load(port, 100), 100, "and it goes on without a collector");
      await server.end();
      await removeSessionFolder(folder);
    });

    it("a command line that is killed leaves the server alone, and the next recording is whole", {
      skip: process.platform === "win32",
    }, async () => {
      const folder = mkdtempSync(join(tmpdir(), "darcy-faults-"));
      const record = (words: readonly string[]) => {
        const child = spawn(
          process.execPath,
          [join(DIST, "cli.js"), "record", "--workers", "1", ...words, "--", node, FAULTY],
          { cwd: folder, env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "pipe"] },
        );
        const said = { text: "" };
        for (const stream of [child.stdout, child.stderr])
          stream.on("data", (chunk) => {
            said.text += String(chunk);
          });
        const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
        return { child, said, ended };
      };
      const first = record(["--duration", "600"]);
      const told = () => /Listening on \S+:(\d+)/.exec(first.said.text)?.[1];
      const port = Number(await until("it listens", told));
      assert.equal(await load(port, 200), 200);
      first.child.kill("SIGKILL");
      assert.equal(await load(port, 500), 500, "every request is answered while nobody collects");
      const pid = Number(await ask(port, "/"));
      const second = record(["--duration", "2", "--warmup", "0", "--load", "/"]);
      assert.equal(await second.ended, 0, second.said.text);
      assert.match(second.said.text, /req\/s/);
      process.kill(pid, "SIGKILL");
      await until("no process is left", () => !isAlive(pid));
      rmSync(folder, { recursive: true });
    });
  });
}
