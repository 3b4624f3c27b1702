// Runtime: waits for a resource of the `generic-pool` package (3). Each call becomes a request, which the pool fulfils or
// rejects; no promise is touched.

import type { LoadedModule } from "../../moduleWatch.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";
import { type Acquire, PoolWaits } from "./poolWaits.ts";

interface Pool {
  readonly max: number;
  readonly borrowed: number;
  readonly pending: number;
}
type Methods<K extends string> = Record<K, AnyFunction>;

export class GenericPoolProbe extends LibraryProbe {
  /** By request. */
  private readonly acquires = new WeakMap<object, Acquire>();
  /** The call that is being made. */
  private calling: Acquire | null = null;
  private waits: PoolWaits | null = null;
  private parts = 0;

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule, library: string): void {
    // The pool's own file is the last of these to be loaded.
    if (file === "lib/PriorityQueue.js") this.queue(contention, this.fresh<Methods<"enqueue">>(exported));
    else if (file === "lib/ResourceRequest.js")
      this.request(contention, this.fresh<Methods<"resolve" | "reject">>(exported));
    else if (file === "lib/Pool.js") {
      const methods = this.fresh<Methods<"acquire" | "release" | "destroy">>(exported);
      if (methods === null) return;
      const getters = ["max", "borrowed", "pending"].every((name) => isGetter(methods, name));
      if (this.parts === 2 && getters) this.pool(contention, methods);
      else this.notUnderstood(contention, library);
    } else if (file === "lib/generic-pool.js") this.notUnderstood(contention, library);
  }

  private waitsOf(contention: Contention): PoolWaits {
    this.waits ??= new PoolWaits(contention, "Pool.acquire");
    return this.waits;
  }

  private queue(contention: Contention, methods: Methods<"enqueue"> | null): void {
    if (typeof methods?.enqueue !== "function") return;
    this.parts++;
    const probe = this;
    this.patches.replace(methods, ["enqueue"], (original) => {
      const { enqueue } = {
        enqueue(this: unknown): unknown {
          if (probe.calling !== null) {
            try {
              probe.acquires.set(arguments[0] as object, probe.calling);
              probe.calling = null;
            } catch (error) {
              contention.fault(error);
            }
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return enqueue;
    });
  }

  private request(contention: Contention, methods: Methods<"resolve" | "reject"> | null): void {
    if (typeof methods?.resolve !== "function" || typeof methods.reject !== "function") return;
    this.parts++;
    const probe = this;
    const waits = this.waitsOf(contention);
    this.patches.replace(methods, ["resolve"], (original) => {
      const { resolve } = {
        resolve(this: object): unknown {
          try {
            waits.granted(probe.acquires.get(this), arguments[0], waits.releasing);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return resolve;
    });
    this.patches.replace(methods, ["reject"], (original) => {
      const { reject } = {
        reject(this: object): unknown {
          try {
            const acquire = probe.acquires.get(this);
            if (acquire !== undefined) waits.end(acquire);
          } catch (error) {
            contention.fault(error);
          }
          return Reflect.apply(original, this, arguments);
        },
      };
      return reject;
    });
  }

  private pool(contention: Contention, methods: Methods<"acquire" | "release" | "destroy">): void {
    const probe = this;
    const waits = this.waitsOf(contention);
    this.patches.replace(methods, ["acquire"], (original) => {
      const { acquire } = {
        acquire(this: Pool): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          try {
            const { max, borrowed, pending } = this;
            const places = { most: max, taken: borrowed + pending, queued: pending };
            probe.calling = waits.begin(this, places, acquire);
          } catch (error) {
            contention.fault(error);
          }
          try {
            return Reflect.apply(original, this, arguments);
          } finally {
            probe.calling = null;
          }
        },
      };
      return acquire;
    });
    for (const name of ["release", "destroy"] as const)
      this.patches.replace(methods, [name], (original) => waits.releaseOf(original));
  }
}

function isGetter(prototype: object, name: string): boolean {
  return typeof Object.getOwnPropertyDescriptor(prototype, name)?.get === "function";
}
