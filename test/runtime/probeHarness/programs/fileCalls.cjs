// Every file call whose bytes are counted, with good and bad arguments. Prints what each gave: results, errors, what its
// callback got, names and lengths of the functions; and how many bytes were moved in all, by construction.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { promisify } = require("node:util");
const harness = globalThis.harness ?? { cut: () => ({ io: null, faultTexts: [] }) };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "darcy-files-"));
const at = (name) => path.join(folder, name);
const results = [];
let moved = 0;
const shown = (value) =>
  value instanceof Error
    ? `${value.name} ${value.code}`
    : typeof value === "bigint"
      ? "bigint"
      : Buffer.isBuffer(value)
        ? `bytes ${value.length}`
        : typeof value === "object" && value !== null
          ? JSON.stringify(Object.keys(value))
          : `${typeof value} ${String(value).slice(0, 20)}`;

function sync(name, bytes, call) {
  try {
    results.push([name, shown(call())]);
    moved += bytes;
  } catch (error) {
    results.push([name, shown(error)]);
  }
}
async function promised(name, bytes, call) {
  try {
    results.push([name, shown(await call())]);
    moved += bytes;
  } catch (error) {
    results.push([name, shown(error)]);
  }
}
function back(name, bytes, call) {
  return new Promise((resolve) => {
    try {
      const returned = call(function (...args) {
        results.push([name, ...args.map(shown), typeof this, arguments.length]);
        if (args[0] == null) moved += bytes;
        resolve();
      });
      results.push([`${name} returns`, shown(returned)]);
    } catch (error) {
      results.push([name, shown(error)]);
      resolve();
    }
  });
}

const bytes = Buffer.alloc(5_000, 65);
const euro = "€".repeat(100);

async function main() {
  harness.cut();
  sync("writeFileSync", 5_000, () => fs.writeFileSync(at("a"), bytes));
  sync("writeFileSync text", 300, () => fs.writeFileSync(at("b"), euro));
  sync("appendFileSync", 300, () => fs.appendFileSync(at("b"), euro));
  sync("readFileSync", 5_000, () => fs.readFileSync(at("a")));
  sync("readFileSync utf8", 600, () => fs.readFileSync(at("b"), "utf8"));
  const hex = bytes.toString("hex");
  sync("writeFileSync hex", 5_000, () => fs.writeFileSync(at("e"), hex, "hex"));
  sync("appendFileSync base64", 5_000, () =>
    fs.appendFileSync(at("e"), bytes.toString("base64"), { encoding: "base64" }),
  );
  sync("readFileSync hex", 10_000, () => fs.readFileSync(at("e"), "hex"));
  sync("readFileSync latin1", 600, () => fs.readFileSync(at("b"), { encoding: "latin1" }));
  sync("readFileSync utf16le", 600, () => fs.readFileSync(at("b"), "utf16le"));
  sync("readFileSync none", 0, () => fs.readFileSync(at("none")));
  sync("readFileSync bad", 0, () => fs.readFileSync());
  const fd = fs.openSync(at("a"), "r+");
  sync("readSync", 1_000, () => fs.readSync(fd, Buffer.alloc(1_000), 0, 1_000, 0));
  sync("readSync end", 0, () => fs.readSync(fd, Buffer.alloc(10), 0, 10, 9_000));
  sync("writeSync", 100, () => fs.writeSync(fd, bytes, 0, 100, 0));
  sync("readvSync", 30, () => fs.readvSync(fd, [Buffer.alloc(10), Buffer.alloc(20)], 0));
  sync("writevSync", 30, () => fs.writevSync(fd, [Buffer.alloc(10), Buffer.alloc(20)], 0));
  await back("read", 1_000, (done) => fs.read(fd, Buffer.alloc(1_000), 0, 1_000, 0, done));
  await back("read short", 500, (done) => fs.read(fd, Buffer.alloc(1_000), 0, 1_000, 4_500, done));
  await back("read options", 16, (done) => fs.read(fd, { buffer: Buffer.alloc(16), position: 0 }, done));
  await back("read error", 0, (done) => fs.read(9_999, Buffer.alloc(10), 0, 10, 0, done));
  await back("read bad", 0, (done) => fs.read("fd", Buffer.alloc(10), done));
  sync("read none", 0, () => fs.read(fd, Buffer.alloc(10)));
  await back("write", 100, (done) => fs.write(fd, bytes, 0, 100, 0, done));
  await back("write text", 300, (done) => fs.write(fd, euro, 0, done));
  await back("readv", 30, (done) => fs.readv(fd, [Buffer.alloc(10), Buffer.alloc(20)], 0, done));
  await back("writev", 30, (done) => fs.writev(fd, [Buffer.alloc(10), Buffer.alloc(20)], 0, done));
  await back("readFile", 5_000, (done) => fs.readFile(at("a"), done));
  await back("readFile utf8", 600, (done) => fs.readFile(at("b"), "utf8", done));
  await back("readFile base64", 600, (done) => fs.readFile(at("b"), { encoding: "base64" }, done));
  await back("writeFile hex", 5_000, (done) => fs.writeFile(at("c"), hex, "hex", done));
  await back("readFile error", 0, (done) => fs.readFile(at("none"), done));
  await back("writeFile", 5_000, (done) => fs.writeFile(at("c"), bytes, done));
  await back("writeFile flushed", 5_000, (done) => fs.writeFile(at("c"), bytes, { flush: true }, done));
  await back("writeFile open", 5_000, (done) => fs.writeFile(fd, bytes, done));
  await back("appendFile", 5_000, (done) => fs.appendFile(at("c"), bytes, done));
  await back("writeFile error", 0, (done) => fs.writeFile(at("none/none"), "text", done));
  await promised("promisify read", 100, () => promisify(fs.read)(fd, Buffer.alloc(100), 0, 100, 0));
  await promised("promises.writeFile", 5_000, () => fs.promises.writeFile(at("d"), bytes));
  await promised("promises.appendFile", 300, () => fs.promises.appendFile(at("d"), euro));
  await promised("promises.writeFile hex", 5_000, () => fs.promises.writeFile(at("f"), hex, "hex"));
  await promised("promises.readFile", 5_300, () => fs.promises.readFile(at("d")));
  await promised("promises.readFile error", 0, () => fs.promises.readFile(at("none")));
  const handle = await fs.promises.open(at("d"), "r+");
  // The prototype of handles is known from here on.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await promised("handle.write", 200, () => handle.write(bytes, 0, 200, 0));
  await promised("handle.write options", 50, () => handle.write(bytes, { length: 50, position: 0 }));
  await promised("handle.write text", 300, () => handle.write(euro, 0));
  await promised("handle.write hex", 100, () => handle.write(hex.slice(0, 200), 0, "hex"));
  await promised("handle.writeFile latin1", 5, () => handle.writeFile("ééééé", { encoding: "latin1" }));
  await promised("handle.writev", 30, () => handle.writev([Buffer.alloc(10), Buffer.alloc(20)], 0));
  await promised("handle.writeFile error", 0, () => handle.writeFile(Symbol.iterator));
  await handle.close();
  const whole = await fs.promises.open(at("a"));
  await promised("handle.readFile", 5_000, () => whole.readFile());
  await whole.close();
  fs.closeSync(fd);
  const { io, faultTexts } = harness.cut();
  fs.rmSync(folder, { recursive: true });
  const functions = [
    "read",
    "write",
    "readv",
    "writev",
    "readFile",
    "writeFile",
    "readFileSync",
    "writeSync",
  ].map((name) => [
    name,
    fs[name].name,
    fs[name].length,
    Reflect.ownKeys(fs[name]).map(String).sort().join(),
  ]);
  console.log(JSON.stringify({ results, functions, moved, counted: io?.files ?? null, faults: faultTexts }));
}
main();
