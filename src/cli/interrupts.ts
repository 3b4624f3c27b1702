// Command line: Ctrl-C and the like: the first ends the recording early and in order, the second at once.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type InterruptSignal = (typeof SIGNALS)[number];

export class Interrupts {
  /** The first signal, null before it. */
  signal: InterruptSignal | null = null;
  readonly first: Promise<InterruptSignal>;
  private readonly listeners: (readonly [InterruptSignal, () => void])[];

  /** @param second called for every signal after the first */
  constructor(second: () => void) {
    let resolveFirst: (signal: InterruptSignal) => void;
    this.first = new Promise((resolve) => {
      resolveFirst = resolve;
    });
    this.listeners = SIGNALS.map((signal) => {
      const listener = () => {
        if (this.signal !== null) return second();
        this.signal = signal;
        resolveFirst(signal);
      };
      process.on(signal, listener);
      return [signal, listener] as const;
    });
  }

  dispose(): void {
    for (const [signal, listener] of this.listeners) process.removeListener(signal, listener);
  }
}
