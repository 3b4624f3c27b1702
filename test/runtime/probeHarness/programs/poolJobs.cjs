// Jobs of libuv's pool whose number and waits are known: four fill it, others wait for the first to end.
const { execFileSync } = require("node:child_process");
const crypto = require("node:crypto");
const dns = require("node:dns");
const fs = require("node:fs");
const { promisify } = require("node:util");
const zlib = require("node:zlib");

const harness = globalThis.harness;
const sums = ({ pool, exact, samples, faultTexts }) => ({
  pool: pool ?? null,
  waits: exact.reduce(
    (sum, { count, amount }) => ({ count: sum.count + count, micros: sum.micros + amount }),
    {
      count: 0,
      micros: 0,
    },
  ),
  lines: samples.map(({ stack, amount }) => [
    stack.find(({ name, url }) => url === __filename && name !== "")?.name ?? "",
    amount,
  ]),
  faults: faultTexts,
});

/** Four jobs wait in the kernel for a pipe's other end, which opens 20 ms later. */
async function filled(short, pipe) {
  harness.cut();
  const opened = Array.from({ length: 4 }, () => promisify(fs.open)(pipe, "r"));
  setTimeout(() => fs.closeSync(fs.openSync(pipe, "w")), 20);
  const asked = performance.now();
  await short();
  const truth = (performance.now() - asked) * 1000;
  for (const file of await Promise.all(opened)) fs.closeSync(file);
  return { truth, ...sums(harness.cut()) };
}

const shorts = {
  promise: async function stat() {
    await fs.promises.stat(__filename);
  },
  callback: function readdir() {
    return new Promise((resolve) => fs.readdir(__dirname, resolve));
  },
  random: function random() {
    return new Promise((resolve) => crypto.randomBytes(16, resolve));
  },
};

async function counted(work) {
  harness.cut();
  await work();
  return sums(harness.cut()).pool?.[1] ?? 0;
}

async function main() {
  const pipe = `${require("node:os").tmpdir()}/darcy-pipe-${process.pid}`;
  execFileSync("mkfifo", [pipe]);
  const path = `${require("node:os").tmpdir()}/darcy-pool-${process.pid}`;
  const numbers = {
    readFile: await counted(() => promisify(fs.readFile)(__filename)),
    promisedReadFile: await counted(() => fs.promises.readFile(__filename)),
    writeFile: await counted(() => promisify(fs.writeFile)(path, "x")),
    stat: await counted(() => fs.promises.stat(__filename)),
    missing: await counted(() => fs.promises.stat("/does/not/exist").catch(() => {})),
    missingCallback: await counted(() => promisify(fs.open)("/does/not/exist", "r").catch(() => {})),
    lookup: await counted(() => promisify(dns.lookup)("localhost")),
    address: await counted(() => promisify(dns.lookup)("127.0.0.1")),
    randomBytes: await counted(() => promisify(crypto.randomBytes)(16)),
    gzip: await counted(() => promisify(zlib.gzip)("text")),
    handle: await counted(async () => {
      const handle = await fs.promises.open(path);
      await handle.read(Buffer.alloc(1));
      await handle.close();
    }),
    refused: await counted(async () => {
      try {
        fs.stat(__filename);
      } catch {}
    }),
  };
  fs.unlinkSync(path);
  const filledBy = {};
  for (const [name, short] of Object.entries(shorts)) {
    filledBy[name] = [];
    for (let round = 0; round < 6; round++) filledBy[name].push(await filled(short, pipe));
  }
  fs.unlinkSync(pipe);
  harness.stop();
  await fs.promises.stat(__filename);
  console.log(JSON.stringify({ numbers, filledBy, after: harness.cut().exact.length }));
}
main();
