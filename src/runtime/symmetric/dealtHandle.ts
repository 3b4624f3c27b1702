// Runtime, symmetric: what stands for a listening handle in a peer whose connections peer 0 accepts: a server takes
// it for a real one. It is deaf where peer 0 keeps the address for itself.

import type { Entry, FromPeer } from "./messages.ts";
import type { ServerHandle } from "./serverHandle.ts";

interface DealtEvents {
  /** Whether it keeps this thread alive. */
  held(alive: boolean): void;
  closed(): void;
}

class DealtHandle implements ServerHandle {
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

/** Those of one peer. */
export class DealtHandles {
  private readonly handles = new Map<number, DealtHandle>();

  /** @param held one more or one less keeps this thread alive */
  constructor(
    private readonly held: (more: 1 | -1) => void,
    private readonly send: (message: FromPeer) => void,
  ) {}

  open(entry: Entry): ServerHandle {
    const handle = new DealtHandle(entry, {
      held: (alive) => this.held(alive ? 1 : -1),
      closed: () => this.handles.delete(entry.index),
    });
    this.handles.set(entry.index, handle);
    return handle;
  }

  /** A connection has come from peer 0. */
  take(index: number, id: number, client: ServerHandle | null): void {
    if (client === null) return;
    const ok = this.handles.get(index)?.take(client) ?? false;
    if (!ok) client.close();
    this.send({ type: "took", id, ok });
  }
}
