// Runtime: synchronous waits for a database's lock, of `node:sqlite` (where `seesAsking`) and `better-sqlite3`, which another
// connection or process has. Known to be waiting are a call that fails because the database is busy, and one that begins a
// writing transaction, which only takes the lock: SQLite sleeps a millisecond or more before it tries again. A write without
// such a beginning may as well wait for the disk, so it is not counted.

import { types } from "node:util";
import { builtin } from "../../builtins.ts";
import type { LoadedModule } from "../../moduleWatch.ts";
import type { Operation } from "../../sampling/operations.ts";
import type { ProbeContext } from "../probe.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { LibraryProbe, member } from "./libraryProbe.ts";
import { SqliteHolders } from "./sqliteHolders.ts";

/** SQLite's first sleep. */
const LEAST_MILLIS = 1;
const BEGINS_WRITING = /^\s*begin\s+(?:immediate|exclusive)/i;
const ENDS = /^\s*(?:commit|end|rollback)\b/i;
/** SQLITE_BUSY, its extended codes in the upper bytes. */
const BUSY = 5;

type Methods = Record<string, AnyFunction>;
interface Operations {
  readonly holders: SqliteHolders;
  readonly busy: Operation;
  readonly begin: Operation;
}

export class SqliteProbe extends LibraryProbe {
  private holders: SqliteHolders | null = null;
  private readonly statements = new WeakMap<object, TextKind>();

  /** Node's own module was asked for. */
  asked(context: ProbeContext): void {
    const contention = this.contentionOf(context);
    const { DatabaseSync, StatementSync } = builtin<Readonly<Record<string, unknown>>>("sqlite");
    const operations = operationsOf(contention, "DatabaseSync", this.holdersOf(contention));
    this.patch(contention, operations, this.fresh<Methods>(DatabaseSync), ["exec"]);
    this.patch(contention, operations, this.fresh<Methods>(StatementSync), ["run", "get", "all"]);
  }

  override collect(): void {
    this.holders?.endWindow();
    super.collect();
  }

  private holdersOf(contention: Contention): SqliteHolders {
    this.holders ??= new SqliteHolders(contention);
    return this.holders;
  }

  protected loaded(contention: Contention, { exports: exported, file }: LoadedModule): void {
    if (file !== "lib/database.js") return;
    const database = this.fresh<Methods>(exported);
    if (database === null) return;
    const operations = operationsOf(contention, "Database", this.holdersOf(contention));
    this.patch(contention, operations, database, ["exec"]);
    const probe = this;
    // Its statements' class is known by the first of them.
    this.patches.replace(database, ["prepare"], (original) => {
      const { prepare } = {
        prepare(this: unknown): unknown {
          const statement: unknown = Reflect.apply(original, this, arguments);
          try {
            const methods = probe.fresh<Methods>(member(statement, "constructor"));
            if (methods !== null) probe.patch(contention, operations, methods, ["run", "get", "all"]);
          } catch (error) {
            contention.fault(error);
          }
          return statement;
        },
      };
      return prepare;
    });
  }

  /** What a statement is for is asked once: its text costs as much as a small query. */
  private kindOf(self: unknown, args: IArguments): TextKind {
    if (typeof self !== "object" || self === null || types.isProxy(self)) return "other";
    const known = this.statements.get(self);
    if (known !== undefined) return known;
    try {
      const { sourceSQL, source } = self as { sourceSQL?: unknown; source?: unknown };
      const own = sourceSQL ?? source;
      if (typeof own !== "string") return kindOfText(args[0]);
      const kind = kindOfText(own);
      this.statements.set(self, kind);
      return kind;
    } catch {
      // Of a closed database, or no statement at all: the call itself says so.
      return "other";
    }
  }

  private patch(
    contention: Contention,
    operations: Operations,
    methods: Methods | null,
    names: readonly string[],
  ): void {
    const probe = this;
    for (const name of methods === null ? [] : names)
      this.patches.replace(methods as Methods, [name], (original) => {
        const { call } = {
          call(this: unknown): unknown {
            if (!contention.watching) return Reflect.apply(original, this, arguments);
            const { holders } = operations;
            const kind = probe.kindOf(this, arguments);
            const begins = kind === "begins";
            if (begins) holders.waits();
            else if (kind === "ends") told(contention, () => holders.ends(call));
            const start = contention.now();
            let result: unknown;
            try {
              result = Reflect.apply(original, this, arguments);
            } catch (error) {
              if (isBusy(error))
                told(contention, () => ended(contention, operations.busy, start, call, holders.holder()));
              throw error;
            } finally {
              if (begins) holders.waited();
            }
            if (begins)
              told(contention, () => {
                if (contention.now() - start >= LEAST_MILLIS)
                  ended(contention, operations.begin, start, call, holders.giver(start));
                holders.began(call);
              });
            return result;
          },
        };
        return call;
      });
  }
}

type TextKind = "begins" | "ends" | "other";
function kindOfText(text: unknown): TextKind {
  if (typeof text !== "string") return "other";
  return BEGINS_WRITING.test(text) ? "begins" : ENDS.test(text) ? "ends" : "other";
}

function operationsOf({ meter }: Contention, name: string, holders: SqliteHolders): Operations {
  return {
    holders,
    busy: meter.operation("wait", `${name}, busy`),
    begin: meter.operation("wait", `${name}, begin`, "inferred"),
  };
}

function ended(
  contention: Contention,
  operation: Operation,
  start: number,
  above: AnyFunction,
  holder: number,
): void {
  const millis = contention.now() - start;
  if (millis >= LEAST_MILLIS) contention.meter.record(operation, millis * 1000, above, holder);
}

/** Only where a transaction begins or ends: what stands in it goes to nobody else. */
function told(contention: Contention, action: () => void): void {
  try {
    action();
  } catch (error) {
    contention.fault(error);
  }
}

function isBusy(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { errcode, code } = error as { errcode?: unknown; code?: unknown };
  return typeof errcode === "number"
    ? (errcode & 0xff) === BUSY
    : typeof code === "string" && code.startsWith("SQLITE_BUSY");
}
