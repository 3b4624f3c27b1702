// VS Code bench: how long the extension takes to activate, from the call to the end of `activate`, and of that what its own code
// takes, by VS Code's own marks. Told by the test's title, as JSON.

import { extension } from "./darcy.ts";

interface Mark {
  readonly name: string;
  /** Since the epoch. */
  readonly startTime: number;
}

describe("activation", () => {
  it("takes", async function () {
    const began = performance.now();
    const { id } = extension();
    await extension().activate();
    const wholeMillis = performance.now() - began;
    const marks = (
      globalThis as { MonacoPerformanceMarks?: { getMarks(): Mark[] } }
    ).MonacoPerformanceMarks?.getMarks();
    const at = (what: string) =>
      marks?.find(({ name }) => name.toLowerCase() === `code/extHost/${what}/${id}`.toLowerCase())?.startTime;
    const between = (from: string, to: string) => {
      const [start, end] = [at(from), at(to)];
      return start === undefined || end === undefined ? null : end - start;
    };
    const outcome = {
      wholeMillis,
      loadMillis: between("willLoadExtensionCode", "didLoadExtensionCode"),
      activateMillis: between("willActivateExtension", "didActivateExtension"),
    };
    if (this.test !== undefined) this.test.title = JSON.stringify(outcome);
  });
});
