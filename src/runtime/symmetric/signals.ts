// Runtime, symmetric: learns of signals and of the exit of peer 0 without a listener of our own. A listener would
// keep a signal's default action from happening, and libraries (signal-exit) count listeners to decide whether to
// end the process. Node binds `process.emit` when the first listener of a signal is added, so ours must be early.

const FORWARDED = new Set(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGBREAK"]);

export interface ProcessEvents {
  /** A signal that the user's code handles has arrived. */
  signal(name: NodeJS.Signals): void;
  exit(code: number): void;
}

export function watchProcess(events: ProcessEvents): void {
  const original = process.emit;
  const emit = function (this: NodeJS.Process, type: string | symbol): boolean {
    try {
      if (typeof type === "string" && this === process) {
        if (FORWARDED.has(type)) {
          if (process.listenerCount(type) > 0) events.signal(type as NodeJS.Signals);
        } else if (type === "exit") {
          events.exit(Number(arguments[1] ?? 0));
        }
      }
    } catch {
      // The event goes on as without us.
    }
    return Reflect.apply(original, this, arguments) as boolean;
  };
  Object.defineProperty(emit, "name", { value: original.name, configurable: true });
  Object.defineProperty(process, "emit", {
    value: emit,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
