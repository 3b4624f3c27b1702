// VS Code bench: how long the extension takes to activate, from its file to the end of `activate`, told by its title.

import { extension } from "./darcy.ts";

describe("activation", () => {
  it("takes", async function () {
    const began = performance.now();
    await extension().activate();
    const millis = performance.now() - began;
    if (this.test !== undefined) this.test.title = `${millis.toFixed(1)} ms`;
  });
});
