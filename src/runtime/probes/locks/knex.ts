// Runtime: the user's lines behind `knex` queries. A query is sent when it is awaited, by a microtask that has none of them on its
// stack (V8 14 names them): so where somebody wanted to know, builders remember for some windows where they were made.

import type { LoadedModule } from "../../moduleWatch.ts";
import { type Caller, callers } from "../../sampling/callers.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe } from "./libraryProbe.ts";

const CLIENTS = /^lib\/(?:client|dialects\/[\w-]+\/index)\.js$/;
const MAKERS = ["queryBuilder", "raw", "schemaBuilder"] as const;
/** Making a stack costs a query 1 to 3 µs: only while waits for the pool are sampled that have no line. */
const WANTED_WINDOWS = 4;

type Client = Record<(typeof MAKERS)[number], AnyFunction>;
type Builder = Record<"then", AnyFunction>;

export class KnexProbe extends LibraryProbe {
  private readonly makers = new WeakMap<object, Caller>();
  private readonly prototypes = new WeakSet<object>();
  private wanted = 0;
  private readonly unknown: Caller;

  constructor(name: string) {
    super(name);
    const probe = this;
    this.unknown = {
      // Asked for by a stack without a line of the user's.
      get id() {
        probe.wanted = WANTED_WINDOWS;
        return 0;
      },
    };
  }

  override collect(): void {
    if (this.wanted > 0) this.wanted--;
    super.collect();
  }

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule): void {
    if (!CLIENTS.test(file)) return;
    const client = this.fresh<Client>(exported);
    if (client !== null) for (const name of MAKERS) this.patchMaker(contention, client, name);
  }

  private patchMaker(contention: Contention, client: Client, name: (typeof MAKERS)[number]): void {
    const probe = this;
    this.patches.replace(client, [name], (original) => {
      const { make } = {
        make(this: unknown): unknown {
          const builder: unknown = Reflect.apply(original, this, arguments);
          if (!contention.watching || typeof builder !== "object" || builder === null) return builder;
          try {
            const prototype = Object.getPrototypeOf(builder) as object;
            if (!probe.prototypes.has(prototype)) probe.patchThen(contention, prototype);
            if (probe.wanted > 0) probe.remember(builder, make);
          } catch (error) {
            contention.fault(error);
          }
          return builder;
        },
      };
      return make;
    });
  }

  private remember(builder: object, above: AnyFunction): void {
    this.makers.set(builder, callers.here(above));
  }

  /** Of all builders of a kind, where they inherit it from. */
  private patchThen(contention: Contention, prototype: object): void {
    this.prototypes.add(prototype);
    let owner: object | null = prototype;
    while (owner !== null && !Object.hasOwn(owner, "then"))
      owner = Object.getPrototypeOf(owner) as object | null;
    if (owner === null || (owner !== prototype && this.prototypes.has(owner))) return;
    this.prototypes.add(owner);
    const probe = this;
    this.patches.replace(owner as Builder, ["then"], (original) => {
      const { run } = {
        run(this: object): unknown {
          if (!contention.watching) return Reflect.apply(original, this, arguments);
          const maker = probe.makers.get(this) ?? probe.unknown;
          const result = callers.during(maker, original, this, arguments);
          // It was asked for, and others will be.
          if (maker !== probe.unknown && maker.id !== null) probe.wanted = WANTED_WINDOWS;
          return result;
        },
      };
      return run;
    });
  }
}
