// npm run demo: installs, builds, records examples/orders on two workers under load and prints the report.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { ensureBuilt, ensureInstalled, root, run } from "./prepare.mjs";

const CATEGORIES = ["copies", "switches", "allocations", "locks"];
const SERVER = "examples/orders/src/wasteful/server.js";
const FILE = "orders.darcy";

const cli = path.join(root, "dist/cli.js");

try {
  demo();
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
}

function demo() {
  ensureInstalled();
  console.log("Building ...");
  ensureBuilt();
  console.log(`Recording ${SERVER} on 2 workers, with load on /orders ...\n`);
  const record = [
    "record",
    "--workers",
    "2",
    "--warmup",
    "2",
    "--duration",
    "10",
    "--load",
    "/orders",
    "--out",
    FILE,
  ];
  // Port 0: any free one, so that nothing of the user's is in the way.
  run(process.execPath, [cli, ...record, "--", process.execPath, SERVER], {
    env: { ...process.env, PORT: "0" },
  });
  console.log("");
  run(process.execPath, [cli, "report", FILE]);
  check();
  console.log(`
The recording is in ${FILE}. To see it in the panel, live and beside the code:

    npm start

opens VS Code with Darcy and the example: choose "Darcy: Profile Node Server..." from the command palette, then
"Darcy: Drive Load..." with the path /orders. The same service without the waste:

    node dist/cli.js record --workers 2 --duration 10 --load /orders --out mended.darcy -- node examples/orders/src/mended/server.js`);
}

function check() {
  const json = execFileSync(process.execPath, [cli, "report", FILE, "--format", "json"], {
    cwd: root,
    maxBuffer: 2 ** 28,
    encoding: "utf8",
  });
  const { hotspots, requests, topology, workers } = JSON.parse(json);
  if (!(requests.total > 0)) throw new Error("no request was measured");
  const peers = workers.filter((worker) => worker.role === "peer");
  const busy = peers.filter((worker) => worker.requests > 0);
  // Of those that share a handle (before Node 22.12) one may take all connections: who wakes first accepts.
  if (peers.length !== 2 || busy.length < (topology === "handle" ? 1 : 2))
    throw new Error(`of 2 workers ${busy.length} took requests`);
  const inExample = (hotspot) => hotspot.file.startsWith(path.join(root, "examples", "orders", "src"));
  const missing = CATEGORIES.filter(
    (category) => !hotspots.some((hotspot) => hotspot.category === category && inExample(hotspot)),
  );
  if (missing.length > 0) throw new Error(`no hotspot of the example in: ${missing.join(", ")}`);
  console.log(
    `Checked: ${requests.total} requests on ${busy.length} of ${peers.length} workers, hotspots of the example in all four categories.`,
  );
}
