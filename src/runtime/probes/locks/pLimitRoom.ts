// Runtime: waits for p-limit, and says where it can't be measured.

import { NOTICES } from "../../../protocol/notices.ts";
import { esmBuildOf, replacesEsmExports } from "../../moduleWatch.ts";
import { isDeclared } from "../../packageFiles.ts";
import type { ProbeContext } from "../probe.ts";
import { LibraryRoom } from "./libraryRoom.ts";

export class PLimitRoom extends LibraryRoom {
  override start(context: ProbeContext): void {
    super.start(context);
    if (!replacesEsmExports()) setImmediate(() => this.sayWhenEsm(context)).unref();
  }

  private sayWhenEsm({ faults, notice }: ProbeContext): void {
    faults.guard(this.name, undefined, () => {
      // It may lie there for another program's sake.
      if (!isDeclared("p-limit") || esmBuildOf("p-limit") === null) return;
      notice({
        code: "probe-unavailable",
        severity: "info",
        text: NOTICES.pLimitModule,
      });
    });
  }
}
