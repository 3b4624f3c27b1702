// Fidelity: calls the functions that its input names with arguments made by fast-check from a seed, and tells what each
// gives or throws and what it asks of its arguments, in order.
const fs = require("node:fs");
const v8 = require("node:v8");
const fc = require("fast-check");
const { calls, made } = require("./made.cjs");
const { meantCalls } = require("./meant.cjs");
const { reachable } = require("./reachable.cjs");
const { bounded, selfOf, wordsOf } = require("./selves.cjs");
const { saidOf, shown } = require("./shown.cjs");

/** What they give is different each time. */
const RANDOM = /unsafe|random|generate|prime|stat|mkdtemp|\.open(?:Sync)?$|createHash|Key|spawn|realpath/i;
/** The end of a folder's name, in an error. */
const MADE_UP = /(?<=mkdtemp '.*)\w{6}'/;
/** Work that is still under way when its call has returned. */
const UNDER_WAY = /^(?:FSReq|GetAddrInfoReq|GetNameInfoReq|TCPConnect|PipeConnect|ProcessWrap)/;

/** V8 writes a whole number as one or as a double, as the code that made it happens to be compiled. */
function comparable(path, value) {
  return path === "v8.serialize" ? v8.deserialize(value) : value;
}

async function run() {
  const { seed, numRuns, paths } = JSON.parse(fs.readFileSync(0, "utf8"));
  const functions = reachable();
  const meant = await meantCalls();
  const samples = fc.sample(calls, { seed, numRuns });
  fs.mkdirSync(process.env.SCRATCH, { recursive: true });
  process.chdir(process.env.SCRATCH);
  process.on("uncaughtException", () => {});
  process.on("unhandledRejection", () => {});
  process.removeAllListeners("warning");
  for (const path of paths) {
    const found = functions.get(path);
    if (found === undefined) continue;
    fs.writeFileSync("a", "some text");
    fs.mkdirSync("folder", { recursive: true });
    const taste = { files: path.startsWith("fs"), words: wordsOf(path) };
    const job = /^(?:fs|crypto|zlib|dns)\.\w+$/.test(path) && !path.endsWith("Sync");
    const lines = [];
    const make = meant.find(([end]) => end.test(path))?.[1];
    for (const [index, { args, self }] of samples.entries()) {
      const log = [];
      const arbitrary = args.map((one) => made(one, log, taste));
      const given = bounded(
        path,
        make !== undefined && index % 2 === 1 ? nearly(make(), arbitrary, index) : arbitrary,
      );
      let told;
      try {
        const result = Reflect.apply(
          found.holder[found.key],
          self === null ? selfOf(path, found) : made(self, log, taste),
          given,
        );
        result?.on?.("error", () => {});
        const tell = (value) => (RANDOM.test(path) ? typeof value : shown(comparable(path, value)));
        told =
          typeof result?.then === "function" ? `promise of ${await result.then(tell, saidOf)}` : tell(result);
        result?.destroy?.();
        if (/Immediate|Timeout|Interval/.test(path))
          [clearImmediate, clearTimeout].map((clear) => clear(result));
      } catch (error) {
        told = saidOf(error);
      }
      // Callbacks of jobs come when they come: other programs wait for theirs.
      lines.push(
        `${told.replace(MADE_UP, "'")} (${RANDOM.test(path) ? "" : log.filter((line) => !job || !line.startsWith("called back")).join(", ")})`,
      );
    }
    // What jobs do to files is done before the next function is called.
    while (process.getActiveResourcesInfo().some((kind) => UNDER_WAY.test(kind)))
      await new Promise((resolve) => setImmediate(resolve));
    process.stdout.write(`${path}: ${lines.join(" | ").replaceAll(/\s*\n\s*/g, " ")}\n`);
  }
  process.exit(0);
}
/** As it is meant, or all but one argument. */
function nearly(given, arbitrary, index) {
  if (arbitrary.length > 0 && index % 4 === 3) given[(index >> 2) % given.length] = arbitrary[0];
  return given;
}

run();
