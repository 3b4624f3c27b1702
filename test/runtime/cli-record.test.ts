// Runtime tests: the command line as users run it, on real servers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import type { Report } from "../../src/protocol/report.ts";
import { type Built, buildBundles } from "../unit/built.ts";
import { assertSameFront } from "../unit/sameFront.ts";
import { fixture } from "./recordProgram.ts";

const posix = { skip: process.platform === "win32" };
const folder = mkdtempSync(join(tmpdir(), "darcy runs ü "));
let built: Built;
before(async () => {
  built = await buildBundles("cli", "preload", "calibrate", "load");
});
after(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with all of stderr so far, whenever there is more. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

async function darcy(
  words: readonly string[],
  { environment = {}, onStderr }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(built.folder, "cli.js"), ...words], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onStderr?.(stderr, (signal) => child.kill(signal));
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

let scripts = 0;
function script(code: string, name = `script ${scripts++}.js`): string {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
}

const SERVER = `
const http = require("node:http");
http.createServer((request, response) => {
  if (request.url === "/quit") response.end("bye", () => process.exit(0));
  else if (request.url === "/die") response.end("bye", () => process.exit(7));
  else if (request.url === "/kill") process.kill(process.pid, "SIGKILL");
  else response.end(JSON.stringify({ at: request.url, list: [1, 2, 3] }));
}).listen(Number(process.env.TEST_PORT ?? 0), () => console.log("the server's own line"));
`;

test("a recording from launch to report, in a folder with spaces and umlauts", async () => {
  const file = script(SERVER, "sörver eins.js");
  const out = join(folder, "näme.darcy");
  const words = ["--workers", "2", "--load", "/orders", "--duration", "3", "--warmup", "0.5", "--out", out];
  const recorded = await darcy(["record", ...words, "--", process.execPath, file]);
  assert.equal(recorded.code, 0, recorded.stderr);
  assert.match(recorded.stdout, /the server's own line/);
  assert.match(recorded.stdout, /requests/);
  assert.match(recorded.stderr, /Listening on http:\/\/127\.0\.0\.1:\d+\/ with 2 workers/);
  assert.match(
    recorded.stderr,
    /The load's own figures: [\d,]+ requests answered \(warm-up included\), 0 failed/,
  );
  assert.match(recorded.stderr, /Saved .*näme\.darcy/);
  await assertSameFront(out);
  const printed = await darcy(["report", out, "--format", "json"]);
  assert.equal(printed.code, 0, printed.stderr);
  const report = JSON.parse(printed.stdout) as Report;
  assert.equal(report.schema, "darcy-report/1");
  assert.ok(report.requests.total > 0);
  assert.deepEqual(
    report.requests.routes.map(({ method, route }) => `${method} ${route}`),
    ["GET /orders"],
  );
  assert.equal(report.workers.filter(({ role }) => role === "peer").length, 2);
  assert.ok(report.calibration !== null);
  assert.ok(report.warmupMs >= 500);
  const stringify = report.hotspots.find(({ callee }) => callee === "JSON.stringify");
  assert.deepEqual([stringify?.file, stringify?.line], [file, 7]);
  const text = await darcy(["report", out, "--top", "1"]);
  assert.equal(text.code, 0, text.stderr);
  assert.ok(!text.stdout.includes("\u001b"), "no colours without a terminal");
});

async function fails(words: readonly string[], message: RegExp, options: RunOptions = {}): Promise<Outcome> {
  const outcome = await darcy(words, options);
  assert.equal(outcome.code, 1, outcome.stderr);
  assert.match(outcome.stderr, message);
  assert.ok(!outcome.stderr.includes("a defect of Darcy"), outcome.stderr);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("darcy-")),
    [],
    "nothing is saved",
  );
  return outcome;
}

test("a server that crashes at its start", async () => {
  const file = script('throw new Error("no database")');
  const { stderr } = await fails(
    ["record", "--", process.execPath, file],
    /ended with code 1 before it listened/,
  );
  assert.match(stderr, /no database/);
});

test("a port that is in use", async () => {
  const holder = createServer().listen(0);
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const environment = { TEST_PORT: String(port) };
  try {
    await fails(["record", "--", process.execPath, script(SERVER)], new RegExp(`port ${port} is in use`), {
      environment,
    });
  } finally {
    holder.close();
  }
});

test("commands that are no server of ours", async () => {
  for (const [command, message] of [
    [["no-such-command-of-ours"], /was not found/],
    [[process.execPath, "no-such-script.js"], /script no-such-script\.js does not exist/],
  ] as const) {
    const { stderr } = await fails(["record", "--", ...command], message);
    assert.doesNotMatch(stderr, /Calibrating/);
  }
  // Long enough for a Node to report on a busy machine.
  const quick = ["record", "--start-timeout", "4", "--"];
  await fails(
    [...quick, process.execPath, script("setInterval(() => {}, 1000)")],
    /nothing listened within 4 s/,
  );
  await fails(
    ["record", "--", process.execPath, script("")],
    /ended by itself, without an error, before anything listened/,
  );
  if (process.platform === "win32") return;
  await fails([...quick, "sleep", "60"], /No Node process of the command reported within 4 s/);
  await fails(["record", "--", "true"], /ended before any Node process/);
});

test("no Node on the PATH", posix, async () => {
  await fails(["record", "--", "node", "x.js"], /"node" was not found/, { environment: { PATH: "/no" } });
});

test("no request while it measured", async () => {
  const words = ["record", "--workers", "1", "--duration", "0.2", "--", process.execPath, script(SERVER)];
  const seen = process.platform === "linux" ? / report\. No connection is open at port \d+: / : / report\.$/m;
  await fails(words, seen);
  const holder = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const load = [
    "--load",
    `http://127.0.0.1:${port}/`,
    "--warmup",
    "0",
    "--duration",
    "0.5",
    "--workers",
    "1",
  ];
  await fails(
    ["record", ...load, "--", process.execPath, script(SERVER)],
    /All [\d,]+ requests of the load failed/,
  );
  holder.close();
});

test("a server that ends before a request was measured is the reason", posix, async () => {
  const file = script(`process.on("SIGUSR2", () => process.exit(3));
    console.error("pid", process.pid);
    require("http").createServer((q, r) => r.end("x")).listen(0);`);
  const ends = (option: string, message: RegExp) => {
    let asked = false;
    const words = ["record", "--workers", "1", "--topology", "single", option, "600", "--"];
    return fails([...words, process.execPath, file], message, {
      onStderr: (text) => {
        if (asked || !text.includes("Send it requests now")) return;
        asked = true;
        process.kill(Number(/^pid (\d+)$/m.exec(text)?.[1]), "SIGUSR2");
      },
    });
  };
  const warm = await ends("--warmup", /ended with code 3 during the warm-up/);
  assert.match(warm.stderr, /See its own output above/);
  const measured = await ends("--duration", /ended with code 3 before a request was measured/);
  assert.doesNotMatch(measured.stderr, /Send requests while|Measure for longer/);
});

test("Ctrl-C while it calibrates says nothing of the calibration", posix, async () => {
  const file = script(SERVER);
  const child = spawn(
    process.execPath,
    [join(built.folder, "cli.js"), "record", "--", process.execPath, file],
    {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    // To the group, as a terminal does.
    if (text.includes("Calibrating")) process.kill(-(child.pid as number), "SIGINT");
  });
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 130, stderr);
  assert.doesNotMatch(stderr, /could not be calibrated/);
});

test("a server that ignores signals: said, and killed at once by the second Ctrl-C", posix, async () => {
  const file = script(`for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
    console.error("pid", process.pid);
    require("http").createServer((q, r) => r.end("x")).listen(0);`);
  let presses = 0;
  const { stderr } = await darcy(
    ["record", "--workers", "2", "--duration", "600", "--", process.execPath, file],
    {
      onStderr: (text, kill) => {
        const due = text.includes("Send it requests now") ? (text.includes("Ctrl-C again kills") ? 2 : 1) : 0;
        if (presses >= due) return;
        presses++;
        kill("SIGINT");
      },
    },
  );
  assert.equal(presses, 2, stderr);
  assert.match(stderr, /Waiting for the server to end; it is killed 5 s after SIGINT/);
  const pids = [...stderr.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));
  assert.ok(pids.length >= 2, stderr);
  for (const pid of pids) assert.ok(!runs(pid), `${pid} is left over`);
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An orphan that nobody reaps is a zombie: it does not run.
  return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

test("a folder that is not there is told before anything is started", async () => {
  const note = join(folder, "started");
  const file = script(`require("fs").writeFileSync(${JSON.stringify(note)}, "")`);
  await fails(["record", "--out", "missing/a.darcy", "--", process.execPath, file], /missing does not exist/);
  assert.equal(existsSync(note), false);
});

test("a path finds a server that speaks HTTPS", posix, async () => {
  const words = [
    "--workers",
    "2",
    "--load",
    "/orders",
    "--duration",
    "600",
    "--warmup",
    "0",
    "--out",
    "t.darcy",
  ];
  let interrupted = false;
  const { code, stderr } = await darcy(["record", ...words, "--", process.execPath, fixture("overTls.cjs")], {
    environment: { HOST: "127.0.0.1" },
    onStderr: (text, kill) => {
      if (interrupted || !/recording .* req\/s/.test(text)) return;
      interrupted = true;
      kill("SIGINT");
    },
  });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Listening on https:\/\/127\.0\.0\.1:\d+\/ with 2 workers/);
  assert.match(stderr, /figures: [1-9][\d,]* requests answered, 0 failed/);
});

test("a place that is lost while it records: the report is printed, the recording kept elsewhere", async () => {
  const place = join(folder, "lost");
  mkdirSync(place);
  // Once it listens, the place was tried. It asks itself: a load may come late on a busy machine.
  const file = script(`const http = require("http");
    const server = http.createServer((q, r) => r.end("x")).listen(0, () => {
      require("fs").rmSync(${JSON.stringify(place)}, { recursive: true });
      setInterval(() => http.get({ port: server.address().port }, (a) => a.resume()), 20);
    });`);
  const words = ["--workers", "1", "--duration", "1", "--warmup", "0", "--out", join(place, "a.darcy")];
  const { code, stdout, stderr } = await darcy(["record", ...words, "--", process.execPath, file]);
  assert.equal(code, 1, stderr);
  assert.match(stdout, /requests/, stderr);
  const kept =
    /lost does not exist\. The recording was saved as (.+a\.darcy) instead\.$/m.exec(stderr)?.[1] ?? "";
  assert.notEqual(kept, "", stderr);
  const printed = await darcy(["report", kept]);
  assert.equal(printed.code, 0, printed.stderr);
  rmSync(dirname(kept), { recursive: true });
});

test("Ctrl-C ends a recording in order, with its report", posix, async () => {
  let interrupted = false;
  const { code, stdout, stderr } = await darcy(
    [
      "record",
      "--workers",
      "1",
      "--load",
      "/",
      "--warmup",
      "0",
      "--duration",
      "600",
      "--out",
      "c.darcy",
      "--",
      process.execPath,
      script(SERVER),
    ],
    {
      onStderr: (text, kill) => {
        // The first progress line that has requests.
        if (interrupted || !/recording .* req\/s/.test(text)) return;
        interrupted = true;
        kill("SIGINT");
      },
    },
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /requests/);
  assert.ok(existsSync(join(folder, "c.darcy")));
});

test("a server of whose workers one alone gets its UDP port: what to do is said", async () => {
  const holder = createSocket("udp4").bind(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address();
  holder.close();
  await once(holder, "close");
  // It stays, and does not listen.
  const file = script(`const socket = require("dgram").createSocket("udp4");
    socket.on("error", () => setInterval(() => {}, 1000));
    socket.bind(${port}, "127.0.0.1", () => require("http").createServer((q, s) => s.end("x")).listen(0));`);
  const out = join(folder, "udp.darcy");
  const words = ["--workers", "2", "--load", "/", "--duration", "1", "--warmup", "0", "--out", out];
  const { code, stderr } = await darcy(["record", ...words, "--", process.execPath, file]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /1 of 2 workers did not come to listen\. Its own output may say why\. A server/);
});

test("Ctrl-C before the server listens ends both", posix, async () => {
  const note = join(folder, "pid");
  const file = script(`require("fs").writeFileSync(${JSON.stringify(note)}, String(process.pid));
    console.error("waiting"); setInterval(() => {}, 1000)`);
  const { code } = await darcy(["record", "--", process.execPath, file], {
    onStderr: (text, kill) => {
      if (text.includes("waiting")) kill("SIGINT");
    },
  });
  assert.equal(code, 130);
  assert.throws(() => process.kill(Number(readFileSync(note, "utf8")), 0), /ESRCH/);
});

for (const [how, path, code, told, died] of [
  ["ends", "/quit", 0, "with code 0", null],
  ["dies", "/die", 3, "with code 7", "ended with code 7"],
  ...(posix.skip ? [] : [["is killed", "/kill", 3, "by SIGKILL", "was ended by SIGKILL"] as const]),
] as const) {
  test(`a server that ${how} while it is recorded still has its report, and exit code ${code}`, async () => {
    const port = await freePort();
    const out = `ended${path.slice(1)}.darcy`;
    const words = ["record", "--workers", "1", "--duration", "600", "--out", out];
    let asked = 0;
    const ask = (at: string) =>
      fetch(`http://127.0.0.1:${port}${at}`).then(
        (response) => response.text(),
        () => undefined,
      );
    const outcome = await darcy([...words, "--", process.execPath, script(SERVER)], {
      environment: { TEST_PORT: String(port) },
      onStderr: (text) => {
        if (asked === 0 && text.includes("Send it requests now")) {
          asked++;
          void ask("/").then(() => (path === "/kill" ? undefined : ask(path)));
        } else if (asked === 1 && path === "/kill" && /recording .* req\/s/.test(text)) {
          // Whoever is killed sends no last window: this request has arrived before.
          asked++;
          void ask(path);
        }
      },
    });
    assert.equal(outcome.code, code, outcome.stderr);
    assert.ok(outcome.stderr.includes(`the server ended ${told} while it was recorded`), outcome.stderr);
    assert.match(outcome.stdout, /requests/);
    const { stdout } = await darcy(["report", out, "--format", "json"]);
    const { requests, notices } = JSON.parse(stdout) as Report;
    assert.ok(requests.total >= 1);
    const said = notices.filter((notice) => notice.code === "server-ended").map(({ text }) => text);
    assert.deepEqual(
      said,
      died === null ? [] : [`The server ${died} while it was recorded. Its own output says why.`],
    );
  });
}

test("answers of the load that are errors are told of, and stand in the file", async () => {
  const file = script(`require("node:http").createServer((q, s) => {
      s.statusCode = 500;
      s.end();
    }).listen(0)`);
  const out = join(folder, "errors.darcy");
  const words = ["--load", "/a?secret=1", "--warmup", "0.5", "--duration", "1", "--out", out];
  const { code, stderr } = await darcy(["record", ...words, "--", process.execPath, file]);
  assert.equal(code, 0, stderr);
  const told =
    /Of (\d+) answers to the load \(GET \/a\), \1 were not 2xx: figures a request are of all of them\./;
  assert.match(stderr, told);
  const { stdout } = await darcy(["report", out]);
  // In lines of the report's width.
  assert.match(stdout.replace(/\s+/g, " "), told);
});

test("of several ports the load takes the first, and the others are told", async () => {
  const [admin, main] = await Promise.all([freePort(), freePort()]);
  const file = script(`const { createServer } = require("node:http");
    createServer((request, response) => response.end("admin")).listen(${admin}, () =>
      createServer((request, response) => response.end("main")).listen(${main}));`);
  const timing = ["--workers", "1", "--warmup", "0", "--duration", "1", "--out", "ports.darcy"];
  const { code, stderr } = await darcy(["record", ...timing, "--load", "/", "--", process.execPath, file]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`Listening on http://127\\.0\\.0\\.1:${admin}/ \\(single\\)\\.`));
  assert.match(stderr, new RegExp(`also listens on :${main}; give --load a URL to choose\\.`));
});

test("a gateway and its services: which has the workers is told, and the others' ports", posix, async () => {
  const [first, other, gateway] = await Promise.all([freePort(), freePort(), freePort()]);
  // The other service once the first has its workers, so that which one has them is known here.
  const file = script(`const { fork } = require("node:child_process");
    const { createServer } = require("node:http");
    const listen = (port, then) => createServer((request, response) => response.end("")).listen(port, then);
    if (process.argv[2]) {
      listen(Number(process.argv[2]), () => setTimeout(() => process.send("listens"), 400));
      process.on("disconnect", () => process.exit());
    } else fork(__filename, ["${first}"]).once("message", () => {
      listen(${gateway});
      fork(__filename, ["${other}"]);
    });`);
  const words = ["--workers", "2", "--warmup", "0", "--out", "services.darcy", "--", process.execPath, file];
  const { stderr } = await darcy(["record", ...words], {
    onStderr: (text, kill) => {
      const told = [
        new RegExp(`on port ${first} was there .* on port ${gateway} runs with one`),
        new RegExp(`on port ${first} was there .* on port ${other} runs with one`),
        "Send it requests now",
      ];
      if (told.every((wanted) => text.search(wanted) >= 0)) kill("SIGINT");
    },
  });
  for (const port of [first, other, gateway])
    assert.match(stderr, new RegExp(`(?:Listening|also listens) on .*:${port}\\b`));
  assert.doesNotMatch(stderr, /was restarted/);
});

async function recordedUnderLoad(
  words: readonly string[],
  file: string,
): Promise<Outcome & { report: Report }> {
  const out = `${scripts++}.darcy`;
  const timing = ["--load", "/", "--warmup", "0.5", "--duration", "1", "--out", out];
  const outcome = await darcy(["record", ...timing, ...words, "--", process.execPath, file]);
  assert.equal(outcome.code, 0, outcome.stderr);
  const { stdout } = await darcy(["report", out, "--format", "json"]);
  return { ...outcome, report: JSON.parse(stdout) as Report };
}

test("a server with its own cluster: its processes are told apart, those that serve are the workers", async () => {
  const file = script(`const cluster = require("node:cluster");
    if (cluster.isPrimary) {
      cluster.fork();
      cluster.fork();
      process.on("SIGTERM", () => process.exit(0));
    } else require("node:http").createServer((request, response) => response.end("x")).listen(0);`);
  const { report, stdout, stderr } = await recordedUnderLoad(["--workers", "2"], file);
  assert.deepEqual(
    report.workers.map(({ id, role }) => `${id} ${role}`),
    ["0 child", "1 peer", "2 peer"],
  );
  assert.match(stdout, /2 workers, single/);
  assert.doesNotMatch(stderr, /with 1 worker/);
});

test("one connection for two workers: the report is of one of them, and says so", posix, async () => {
  const { stdout } = await recordedUnderLoad(["--workers", "2", "--connections", "1"], script(SERVER));
  assert.match(stdout, /1 of 2 workers served nearly all requests\./);
});

test("a loop that blocks in Atomics.wait for another thread is the first finding", async () => {
  const file = script(`const { Worker, isMainThread, workerData } = require("node:worker_threads");
    const turns = new Int32Array(isMainThread ? new SharedArrayBuffer(8) : workerData);
    if (isMainThread) {
      new Worker(__filename, { workerData: turns.buffer }).unref();
      require("node:http").createServer((request, response) => {
        Atomics.store(turns, 0, 1);
        Atomics.notify(turns, 0);
        while (Atomics.load(turns, 0) === 1) Atomics.wait(turns, 0, 1, 100);
        response.end("x");
      }).listen(0);
    } else for (;;) {
      Atomics.wait(turns, 0, 0);
      for (const until = performance.now() + 3; performance.now() < until; );
      Atomics.store(turns, 0, 0);
      Atomics.notify(turns, 0);
    }`);
  const { report } = await recordedUnderLoad(["--workers", "1"], file);
  const [first] = report.findings;
  assert.equal(first?.title, "The event loop blocks here.", JSON.stringify(report.findings));
  assert.deepEqual([first?.locations[0]?.file, first?.locations[0]?.line], [file, 8]);
  assert.ok((first?.score ?? 0) > 0.5);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("usage, files that are none, help and version", async () => {
  for (const words of [
    [],
    ["compare", "a"],
    ["record", "node", "x.js"],
    ["report", "x", "--format", "pdf"],
  ]) {
    const { code, stderr, stdout } = await darcy(words);
    assert.equal(code, 2, words.join(" "));
    assert.match(stderr, /See darcy --help/);
    assert.equal(stdout, "");
  }
  await fails(["report", "missing.darcy"], /does not exist/);
  await fails(["report", script("not gzip", "plain.darcy")], /not a Darcy recording/);
  const help = await darcy(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Exit codes/);
  assert.match((await darcy(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("a stdout that takes nothing is said, without a stack", { skip: !existsSync("/dev/full") }, async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [join(built.folder, "cli.js"), "--help"], {
    stdio: ["ignore", full, "pipe"],
  });
  const [text, [code]] = await Promise.all([
    child.stderr?.setEncoding("utf8").reduce((all, part) => `${all}${part}`, ""),
    once(child, "close"),
  ]);
  closeSync(full);
  assert.equal(code, 1);
  assert.match(text ?? "", /^darcy: What belongs on stdout could not be written: .*ENOSPC.*\n[^\n]+\n$/);
});
