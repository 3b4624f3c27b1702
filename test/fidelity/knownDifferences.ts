// Tests: everything that a program can see of the preload, each with its reason. The suite fails at any other
// difference, and at one of these that is seen no more. docs/runtime.md prints them.

import { type Difference, onlyOtherTurns } from "./compare.ts";

export interface KnownDifference {
  readonly what: string;
  readonly reason: string;
  /** Cases and labels where it is seen, as "case: label". */
  readonly where: RegExp;
  /** Whether that is all that differs there. */
  readonly only?: (difference: Difference) => boolean;
  /** Where it is seen, if not on all. */
  readonly nodes?: readonly number[];
  /** Whether it is seen in each whole run; else whether it is depends on when things happen. */
  readonly always?: false;
}

/** Not by a place: see `onlyOwnFrames`. */
export const OWN_FRAMES: KnownDifference = {
  what: "Frames of the preload in the stacks of errors that patched functions throw, and of callbacks that they are given: one to three below the function, which push as many out at the end.",
  reason:
    "V8 has no way to hide a function. To take them out of a stack it would have to be written out where it is thrown, before your own `Error.prepareStackTrace` or source maps want it; to replace `Error.prepareStackTrace` turns source maps off, and every library that sets it would undo it.",
  where:
    /^(?:stacks: own prepareStackTrace of JSON\.parse|frames: (?:thrown by (?:JSON\.parse|fs\.readFileSync)|in (?:a reviver|toJSON|map of a typed array|a callback of (?:fs\.readFile|fs\.stat|crypto)|a stream's data|a transform|a line of readline|a request's data|an answer's data|a socket's data)))$/,
};

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  OWN_FRAMES,
  {
    what: "`Function.prototype.toString` of a patched function shows ours.",
    reason: "Only V8's own and Node's are shown otherwise, and patching `toString` would be seen everywhere.",
    where: /^classes: (?:sources|toString of a class)$/,
  },
  {
    what: "`util.types.isAsyncFunction` says no of patched asynchronous functions, and `util.inspect` shows them as `[Function: readFile] AsyncFunction`.",
    reason: "An asynchronous stand-in would settle three turns of promises later than what it stands for.",
    where: /^(?:classes: types|shapes: .* inspect)$/,
  },
  {
    what: "`Duplex.prototype.write` and `end` are no longer the same functions as those of `Writable`.",
    reason: "Only sockets encode strings by themselves; the other streams are left alone.",
    where:
      /^(?:classes: aliases|shapes: .*prototype\.(?:write|end)(?:\.prototype\.constructor| [a-z]+|\.[a-z]+)?)$/,
  },
  {
    what: "One `exit` listener on `process`.",
    reason: "It saves the last window. Node calls two listeners at another line of its own than one.",
    where: /^(?:process: listeners of exit|ends: exit that throws: stderr|shapes: \[process\]\._events.*)$/,
  },
  {
    what: '`Symbol.for("darcy.loaded")` and, where Node\'s hooks for modules are used, `Symbol.for("darcy.module")` on `globalThis`.',
    reason: "The preload marks that it is there; watched ES modules hand their exports over by the other.",
    where: /^(?:process: symbols of globalThis|shapes: globalThis keys|shapes: globalThis\.Symbol\(darcy.*)$/,
  },
  {
    what: "`require.cache` and `Module._pathCache` hold the preload's `darcy-preload.js`.",
    reason:
      "It is loaded as any `--require`. What it loads runs from a text outside of V8's heap, which is no module.",
    where: /^(?:process: cache|shapes: \[module\]\._pathCache.*|coverage: scripts)$/,
  },
  {
    what: "The environment has `DARCY_SESSION`, and the preload in `NODE_OPTIONS` (and in `npm_config_node_options`, where an `.npmrc` has `node-options`).",
    reason:
      "So it reaches the server through package managers and watchers, and the server's own child processes.",
    where: /^process: our environment$/,
  },
  {
    what: "`process.getActiveResourcesInfo()` shows our socket while it connects, a request of its own.",
    reason: "The collector listens on it. It does not keep the process alive.",
    where: /^process: (?:requests|resources|resources later|handles|handles later|at the exit)$/,
  },
  {
    what: "`diagnostics_channel.hasSubscribers` says yes of the channels of HTTP servers, `undici` and worker threads.",
    reason: "They tell of requests, as they do to any tracing library.",
    where: /^process: channels(?: of http servers)?$/,
  },
  {
    what: "`async_hooks` of yours see timers, ticks and immediates of ours.",
    reason: "Hooks see every resource of a thread.",
    where: /^async context: (?:queued resources|resources of .*)$/,
    always: false,
  },
  {
    what: "A debugger that steps into a patched function gets to the preload first.",
    reason:
      "It is JavaScript, as Node's own are. `skipFiles` takes its name, `**/preload.js`; Node 20 then does not pause at what such a function throws.",
    where: /^debugger: (?:a step into a patched function|thrown at)$/,
  },
  {
    what: "`fs.ReadStream.prototype` has an own `push`, not enumerable, which calls the inherited one.",
    reason: "There Node hands a file's pieces to your code.",
    where: /^shapes: made readStream\.\[proto\](?: keys|\.push.*)$/,
  },
  {
    what: "`net.Socket.prototype` has a getter `push`, not enumerable: accepted connections that carry no HTTP have a function of ours, which calls the inherited one, all other sockets the inherited one. Set on a frozen socket it throws in sloppy code, too, and in other words.",
    reason: "There Node hands what a connection reads to your code: so messages are counted.",
    where: /^shapes: (?:[gs]et )?\[net\]\.Socket\.prototype(?: keys|\.push.*)$/,
  },
  {
    what: "Node's lazy properties that the probes read (`TextEncoder`, `TextDecoder`, `Blob`, `fs.opendir`, `crypto.constants.defaultCipherList` on Node 20) are plain properties already, and `http.globalAgent` is made before you load `domain`.",
    reason: "The preload patches what they hold, and so loads it before your code does.",
    where:
      /^shapes: (?:[gs]et )?(?:globalThis\.Text(?:En|De)coder|\[buffer\]\.Blob|\[fs\]\.opendir|\[fs\/promises\]\.opendir|\[crypto\]\.constants|\[constants\]|global (?:File|Blob|TextEncoder|TextDecoder)|made (?:agent|blob|encoder|fileHandle)).*$/,
    nodes: [20],
  },
  {
    what: "`WebAssembly.Memory` has its own keys in another order (before Node 26), and `SharedArrayBuffer` and it are functions of ours before V8's, in a realm of the server's.",
    reason: "V8 adds `arguments` and `caller` of a function of its own before `prototype`.",
    where: /^shapes: globalThis\.WebAssembly\.Memory keys$/,
    nodes: [20, 22, 24],
  },
  {
    what: "Until your code asks for `crypto`, `globalThis.crypto` has a getter of ours.",
    reason:
      "It tells that crypto is wanted, which is patched then and costs nothing before (where Node's hooks for modules are used).",
    where: /^shapes: get globalThis\.crypto.*$/,
    nodes: [22, 24, 26],
  },
  {
    what: "A stack may end with other frames of Node's own, as `processTicksAndRejections` or `runNextTicks`.",
    reason:
      "A tick or an immediate of ours waits beside yours: Node works them off in the same turn and order by another function.",
    where:
      /^(?:ends: (?:rejection of a body|output after end): stderr|modules: (?:data url|stack of a module))$/,
    // A program's own end may tell more frames than these.
    only: (difference) => difference.label === "stderr" || onlyOtherTurns(difference),
    always: false,
  },
  {
    what: "Where a message of Node's names a callback that stands in the wrong place, ours has no name; V8's messages say `[object SharedArrayBuffer]` for `#<SharedArrayBuffer>`.",
    reason:
      "To name a stand-in each time is dearer than the call; V8 prints the name of its own constructors alone.",
    where: /^errors: (?:a callback in the wrong place|slice of a shared buffer)$/,
  },
];
