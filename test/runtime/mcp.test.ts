// Runtime tests: `darcy mcp` as a real client of the protocol uses it, over stdin and stdout.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { writeProfile } from "../../src/collector/profileFile.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { knownRun } from "../unit/knownPair.ts";
import { fixture } from "./recordProgram.ts";

const DEADLINE_MS = 180_000;
const folder = mkdtempSync(join(tmpdir(), "darcy mcp "));
const file = (name: string) => join(folder, `${name}.darcy`);
let built: Built;
before(async () => {
  built = await buildBundles("cli", "mcp", "preload", "calibrate", "load");
  await writeProfile(file("before"), knownRun({ copied: 4_000, handOffs: 2, waits: { 20: 500 } }));
  await writeProfile(file("after"), knownRun({ copied: 400, handOffs: 4, waits: { 20: 500 } }));
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

async function withServer(
  act: (call: (name: string, input: object) => Promise<Answer>, client: Client) => Promise<void>,
  ...words: string[]
): Promise<void> {
  const client = new Client({ name: "test", version: "1" });
  const environment = { ...process.env, PORT: "0", COPIED: "20000", READS: "1" } as Record<string, string>;
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(built.folder, "cli.js"), "mcp", ...words],
    cwd: folder,
    env: environment,
  });
  await client.connect(transport);
  try {
    await act(async (name, input) => {
      const result = await client.callTool({ name, arguments: { ...input } }, undefined, {
        timeout: DEADLINE_MS,
      });
      const [content] = result.content as { type: string; text: string }[];
      return { text: content?.text ?? "", isError: result.isError === true };
    }, client);
  } finally {
    await client.close();
  }
}

test("lists its tools; the one that runs programs only where that is allowed", async () => {
  const names = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name);
  const reading = ["list_hotspots", "explain_hotspot", "compare_recordings"];
  await withServer(async (call, client) => {
    assert.deepEqual(await names(client), reading);
    assert.match(client.getInstructions() ?? "", /list_hotspots, then explain_hotspot.*compare_recordings/s);
    const refused = await call("record", { command: ["node", "x.js"], load: "/", out: "x.darcy" });
    assert.ok(refused.isError);
    assert.match(refused.text, /--allow-record/);
  });
  await withServer(async (_call, client) => {
    assert.deepEqual(await names(client), [...reading, "record"]);
  }, "--allow-record");
});

test("hotspots are listed, one is explained, two recordings are compared", () =>
  withServer(async (call) => {
    const listed = await call("list_hotspots", { file: "before.darcy", top: 3 });
    assert.match(listed.text, /^Recording of: node server\.js\n6,000 requests in [\d.]+ s at 1,000 req\/s/);
    assert.match(listed.text, /^1\. 500 µs\/req waiting, wait: take .*stock\.js:20 → Mutex\.acquire;/m);
    assert.match(listed.text, /^1 more\.$/m);
    assert.match(listed.text, /^Node [\d.]+, \d+ workers? \(\w+\), event loops [\d<]+.% busy\.$/m);
    assert.match(listed.text, /\n\nWhat to do, weightiest first:\n- .+\(.*stock\.js:\d+\) .+/);
    const copies = await call("list_hotspots", { file: file("before"), category: "copies" });
    assert.doesNotMatch(copies.text, /Mutex/);
    const explained = await call("explain_hotspot", { file: file("before"), rank: 1 });
    assert.match(explained.text, /Heaviest stack, innermost first:\n {2}take .*stock\.js:20/);
    assert.match(explained.text, /^What it is: A request stands in line for a lock/m);
    assert.match(explained.text, /^Its price: Waiting time, as measured\./m);
    const compared = await call("compare_recordings", { before: file("before"), after: file("after") });
    assert.match(compared.text, /A copy was traded for a hand-off/);
    assert.ok(
      [listed, copies, explained, compared].every(({ isError, text }) => !isError && text.length <= 12_000),
    );
  }));

test("what makes no sense is answered, and the server goes on", () =>
  withServer(async (call) => {
    for (const [name, input, words] of [
      ["list_hotspots", { file: "none.darcy" }, /does not exist/],
      ["list_hotspots", { file: "/etc/passwd" }, /Give the path of a \.darcy file/],
      ["list_hotspots", { file: file("before"), top: 1_000 }, /whole number from 1 to 50/],
      ["list_hotspots", { file: file("before"), category: "cpu" }, /one of copies, switches/],
      ["explain_hotspot", { file: file("before"), rank: 99 }, /no hotspot 99/],
      ["explain_hotspot", {}, /"file" is no recording/],
      [
        "list_hotspots",
        { file: file("before"), limit: 5 },
        /no argument "limit"\. There are: file, top, category/,
      ],
      ["nothing", {}, /There is no tool nothing/],
    ] as const) {
      const { text, isError } = await call(name, input);
      assert.ok(isError, text);
      assert.match(text, words);
    }
    assert.equal((await call("list_hotspots", { file: file("before") })).isError, false);
  }));

test("what is no message is answered as JSON-RPC has it, and the server goes on", async () => {
  const server = spawn(process.execPath, [join(built.folder, "cli.js"), "mcp"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const codes: (number | string)[] = [];
  const ended = once(server, "exit");
  createInterface({ input: server.stdout }).on("line", (line) => {
    const { error, result } = JSON.parse(line);
    codes.push(error?.code ?? (result === undefined ? "?" : "answer"));
    if (codes.length === 3) server.stdin.end();
  });
  server.stdin.write('no message\n{"id":5}\n{"jsonrpc":"2.0","id":6,"method":"ping"}\n');
  await ended;
  assert.deepEqual(codes, [-32_700, -32_600, "answer"]);
});

test("a server is recorded, and its hotspots come back", () =>
  withServer(async (call) => {
    const command = [process.execPath, fixture("compared.cjs")];
    const { text, isError } = await call("record", {
      command,
      load: "/",
      seconds: 2,
      workers: 1,
      out: "own.darcy",
    });
    assert.equal(isError, false, text);
    assert.match(text, /^Saved as .*own\.darcy\.\nRecording of: /);
    assert.match(text, /compared\.cjs:\d+ → Buffer\.from/);
    const failed = await call("record", {
      command: [process.execPath, "none.js"],
      load: "/",
      out: "x.darcy",
    });
    assert.ok(failed.isError);
    assert.match(failed.text, /The recording failed: /);
  }, "--allow-record"));
