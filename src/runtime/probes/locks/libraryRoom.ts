// Runtime: waits for a lock library to be loaded. Only then the code of its probe is evaluated: a server has few of these
// libraries, and all their probes together are a tenth of our heap.

import { onModule, type WatchOptions } from "../../moduleWatch.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import type { LibraryProbe } from "./libraryProbe.ts";

export class LibraryRoom<P extends LibraryProbe = LibraryProbe> implements Probe {
  private readonly unwatch: (() => void)[] = [];
  private probe: P | null = null;

  /**
   * @param packages by name, with what is wanted of them
   * @param make evaluates the probe's code
   */
  constructor(
    readonly name: string,
    private readonly packages: Readonly<Record<string, WatchOptions>>,
    private readonly make: (name: string) => P,
  ) {}

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    for (const [library, options] of Object.entries(this.packages))
      this.unwatch.push(onModule(library, (module) => this.open().found(context, module, library), options));
  }

  collect(): void {
    this.probe?.collect();
  }

  stop(): void {
    for (const unwatch of this.unwatch.splice(0)) unwatch();
    this.probe?.stop();
  }

  protected open(): P {
    this.probe ??= this.make(this.name);
    return this.probe;
  }
}
