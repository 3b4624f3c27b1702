// Fidelity: how programs end. The first argument names the ending; output, exit code and signal are what is compared.
const { say } = require("./say.cjs");
const fs = require("node:fs");

const endings = {
  uncaught: () => {
    throw new TypeError("mine");
  },
  "uncaught of a patched function": () => JSON.parse("{oops"),
  "uncaught in a callback": () =>
    fs.readFile(__filename, "utf8", () => {
      throw new RangeError("in the callback");
    }),
  "uncaught text": () => {
    throw "text";
  },
  "uncaught null": () => {
    throw null;
  },
  "uncaught in a timer": () =>
    setTimeout(() => {
      throw new Error("in a timer");
    }, 1),
  "uncaught with a handler": () => {
    process.on("uncaughtException", (error, origin) => {
      say("caught", [error.message, origin]);
    });
    setImmediate(() => say("goes on", "yes"));
    JSON.parse("{oops");
  },
  "uncaught with a monitor": () => {
    process.on("uncaughtExceptionMonitor", (error, origin) => say("monitored", [error.message, origin]));
    throw new Error("mine");
  },
  "handler that throws": () => {
    process.on("uncaughtException", () => {
      throw new Error("again");
    });
    throw new Error("first");
  },
  rejection: () => {
    Promise.reject(new Error("nobody"));
  },
  "rejection of a patched function": () => {
    fs.promises.readFile("/no/such/file");
  },
  "rejection of a body": () => {
    new Response("{").json();
  },
  "rejection of a lock": () => {
    navigator.locks.request("a", () => {
      throw new Error("in the lock");
    });
  },
  "rejection with a handler": () => {
    process.on("unhandledRejection", (reason, promise) =>
      say("unhandled", [reason.message, promise instanceof Promise]),
    );
    Promise.reject(new Error("told"));
  },
  "rejection handled late": () => {
    process.on("unhandledRejection", () => say("unhandled", "yes"));
    process.on("rejectionHandled", () => say("handled", "late"));
    const late = Promise.reject(new Error("late"));
    setTimeout(() => late.catch(() => {}), 5);
  },
  "rejection handled in a tick": () => {
    const late = fs.promises.stat("/no/such");
    process.nextTick(() => late.catch((error) => say("caught", error.code)));
  },
  "exit code": () => {
    process.exitCode = 7;
  },
  exit: () => {
    process.on("exit", (code) => say("exit handler", [code, process.exitCode]));
    process.exit(5);
  },
  "exit changed": () => {
    process.on("exit", () => {
      process.exitCode = 9;
    });
  },
  "exit in exit": () => {
    process.on("exit", () => process.exit(4));
  },
  "exit that throws": () => {
    process.on("exit", () => {
      throw new Error("at the exit");
    });
  },
  beforeExit: () => {
    let turns = 0;
    process.on("beforeExit", (code) => {
      say("beforeExit", code);
      if (++turns < 3) setImmediate(() => say("once more", turns));
    });
  },
  "kill itself": () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => {}, 5000);
  },
  "signal handler": () => {
    process.on("SIGTERM", (signal, number) => {
      say("signal", [signal, number]);
      process.exit(3);
    });
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => {}, 5000);
  },
  abort: () => {
    process.abort();
  },
  "top-level await that never settles": () => {
    import(`data:text/javascript,${encodeURIComponent("await new Promise(() => {})")}`);
  },
  "much output": () => {
    process.stdout.write(`${"x".repeat(1_000_000)}\n`, () => process.exit(2));
  },
  "output after end": () => {
    process.stdout.end("last\n");
    setImmediate(() =>
      process.stdout.write("more", (error) => {
        process.exitCode =
          error?.code === "ERR_STREAM_WRITE_AFTER_END" || error?.code === "ERR_STREAM_DESTROYED" ? 21 : 22;
      }),
    );
  },
  stdin: () => {
    let text = "";
    process.stdin
      .setEncoding("utf8")
      .on("data", (chunk) => {
        text += chunk;
      })
      .on("end", () => say("read", text));
  },
  "stdin at once": () => say("read", fs.readFileSync(0, "utf8")),
  "worker that throws": () => {
    new (require("node:worker_threads").Worker)("JSON.parse('{')", { eval: true })
      .on("error", (error) => say("worker error", error.message))
      .on("exit", (code) => say("worker exit", code));
  },
  "worker terminated": () => {
    const worker = new (require("node:worker_threads").Worker)(
      "setInterval(() => {}, 1000); require('worker_threads').parentPort.postMessage(1)",
      { eval: true },
    );
    worker.on("message", async () => say("terminated", await worker.terminate()));
  },
  "open server": () => {
    const server = require("node:http")
      .createServer()
      .listen(0, () => {
        server.unref();
        say("listens", server.listening);
      });
  },
  "idle socket": () => {
    const server = require("node:net")
      .createServer((socket) => socket.end("bye"))
      .listen(0, () => {
        require("node:net")
          .connect(server.address().port)
          .on("close", () => server.close())
          .resume();
      });
  },
  "deep recursion": () => {
    (function nest() {
      nest();
    })();
  },
  "syntax error": () => {
    require("node:vm").runInThisContext("let x = ;", { filename: "mine.js" });
  },
  warning: () => {
    process.emitWarning("careful", { code: "MINE" });
    new Buffer(1);
  },
  assertion: () => {
    require("node:assert").deepStrictEqual({ a: 1 }, { a: 2 });
  },
  console: () => {
    console.log("%s %d %o", "text", 5, { a: [1] });
    console.error(new Error("shown").message);
    console.table([{ a: 1 }]);
    console.dir({ deep: { deeper: { deepest: {} } } });
  },
};
const name = process.argv[2];
if (name === "names") say("names", Object.keys(endings).join("|"));
else endings[name]();
