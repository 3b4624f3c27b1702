// Runtime: waits for SQLite, as the library `better-sqlite3` or as Node's own module.

import { seesAsking } from "../../builtins.ts";
import type { ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { LibraryRoom } from "./libraryRoom.ts";
import type { SqliteProbe } from "./sqlite.ts";

export class SqliteRoom extends LibraryRoom<SqliteProbe> {
  private unask: () => void = () => {};

  override start(context: ProbeContext): void {
    super.start(context);
    // Loading it ourselves would print that it is experimental.
    if (seesAsking())
      this.unask = whenAsked(this.name, context, ["sqlite"], () => this.open().asked(context));
  }

  override stop(): void {
    this.unask();
    super.stop();
  }
}
