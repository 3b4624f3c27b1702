// Runtime, symmetric: what stands for a listening handle in a peer whose connections peer 0 accepts: a server takes
// it for a real one. It is deaf where peer 0 keeps the address for itself.

import type { Entry } from "./messages.ts";
import type { ServerHandle } from "./serverHandle.ts";

export interface DealtEvents {
  /** Whether it keeps this thread alive. */
  held(alive: boolean): void;
  closed(): void;
}

export class DealtHandle implements ServerHandle {
  onconnection?: (this: ServerHandle, error: number, client: ServerHandle | undefined) => void;
  private open = true;
  private alive = true;

  constructor(
    private readonly entry: Entry,
    private readonly events: DealtEvents,
  ) {
    events.held(true);
  }

  /** False: the server has closed. */
  take(client: ServerHandle): boolean {
    if (!this.open || this.onconnection === undefined) return false;
    this.onconnection(0, client);
    return true;
  }

  bind(): number {
    return 0;
  }
  bind6(): number {
    return 0;
  }
  listen(): number {
    return 0;
  }

  getsockname(out: { address?: string; family?: string; port?: number }): number {
    out.address = this.entry.address;
    out.family = this.entry.family === 6 ? "IPv6" : "IPv4";
    out.port = this.entry.port;
    return 0;
  }

  close(callback?: () => void): void {
    if (this.open) {
      this.open = false;
      this.unref();
      this.events.closed();
    }
    if (callback !== undefined) process.nextTick(() => Reflect.apply(callback, this, []));
  }

  ref(): void {
    if (this.open && !this.alive) this.events.held(true);
    this.alive = true;
  }

  unref(): void {
    if (this.alive) this.events.held(false);
    this.alive = false;
  }

  hasRef(): boolean {
    return this.alive;
  }
}
