// Panel, hotspots: how evenly a site's amount falls on the workers, one bar each.

import { formatShare } from "../../src/model/format.ts";
import { setAttribute, svg } from "../element.ts";

const HEIGHT = 12;
const GAP = 2;
const MAX_WIDTH = 54;
/** A worker above this many times the mean stands out. */
const STANDS_OUT_AT = 1.7;

export class Spread {
  readonly root: SVGElement;
  #drawn = "";
  readonly #title = svg("title", {});

  constructor() {
    this.root = svg("svg", { class: "spread", height: `${HEIGHT}`, role: "img" });
  }

  show(byWorker: readonly number[]): void {
    const total = byWorker.reduce((sum, amount) => sum + amount, 0);
    const top = Math.max(0, ...byWorker);
    const heights = byWorker.map((amount) =>
      top > 0 ? Math.max(2, Math.round((amount / top) * HEIGHT)) : 2,
    );
    const signature = `${heights.join()} ${total > 0 ? byWorker.map((amount) => Math.round((100 * amount) / total)).join() : ""}`;
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    const width = Math.max(1, Math.min(5, Math.floor(MAX_WIDTH / Math.max(1, byWorker.length)) - GAP));
    const whole = Math.max(1, byWorker.length * (width + GAP) - GAP);
    setAttribute(this.root, "width", `${whole}`);
    setAttribute(this.root, "viewBox", `0 0 ${whole} ${HEIGHT}`);
    const words =
      total > 0
        ? `By worker: ${byWorker.map((amount, worker) => `${worker}: ${formatShare(amount / total)}`).join(", ")}`
        : "By worker: unknown";
    this.#title.textContent = words;
    setAttribute(this.root, "aria-label", words);
    this.root.replaceChildren(
      this.#title,
      ...heights.map((height, index) =>
        svg("rect", {
          x: `${index * (width + GAP)}`,
          y: `${HEIGHT - height}`,
          width: `${width}`,
          height: `${height}`,
          rx: "1",
          class:
            byWorker.length > 1 && (byWorker[index] ?? 0) > (STANDS_OUT_AT * total) / byWorker.length
              ? "stands-out"
              : "",
        }),
      ),
    );
  }
}
