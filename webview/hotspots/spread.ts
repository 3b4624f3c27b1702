// Panel, hotspots: how evenly a site's amount falls on the workers, one bar each.

import { formatShare } from "../../src/model/format.ts";
import { t } from "../../src/model/l10n.ts";
import type { WorkerReport } from "../../src/protocol/report.ts";
import { setAttribute, svg } from "../element.ts";

const HEIGHT = 12;
const MAX_WIDTH = 54;
/** A worker above this many times the mean stands out. */
const STANDS_OUT_AT = 1.7;

export class Spread {
  readonly root: SVGElement;
  #drawn = "";
  readonly #title = svg("title", {});
  readonly #bars: SVGElement[] = [];

  constructor() {
    this.root = svg("svg", { class: "spread", height: `${HEIGHT}`, role: "img" }, [this.#title]);
  }

  show(amounts: readonly number[], workers: readonly WorkerReport[]): void {
    const shares = amongPeers(amounts, workers);
    const byWorker = grouped(
      shares.map(({ amount }) => amount),
      MAX_WIDTH / 2,
    );
    const total = byWorker.reduce((sum, amount) => sum + amount, 0);
    const top = Math.max(0, ...byWorker);
    const heights = byWorker.map((amount) =>
      top > 0 ? Math.max(2, Math.round((amount / top) * HEIGHT)) : 2,
    );
    const signature = `${heights.join()} ${total > 0 ? byWorker.map((amount) => Math.round((100 * amount) / total)).join() : ""}`;
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    const gap = byWorker.length > 7 ? 1 : 2;
    const width = Math.max(1, Math.min(5, Math.floor(MAX_WIDTH / Math.max(1, byWorker.length)) - gap));
    const whole = Math.max(1, byWorker.length * (width + gap) - gap);
    setAttribute(this.root, "width", `${whole}`);
    setAttribute(this.root, "viewBox", `0 0 ${whole} ${HEIGHT}`);
    const words =
      total > 0
        ? t(
            "By worker: {0}",
            shares.map(({ name, amount }) => `${name} ${formatShare(amount / total)}`).join(", "),
          )
        : t("By worker: unknown");
    this.#title.textContent = words;
    setAttribute(this.root, "aria-label", words);
    // Most rows have as many bars as the one before in their place.
    while (this.#bars.length > heights.length) this.#bars.pop()?.remove();
    while (this.#bars.length < heights.length) {
      const bar = svg("rect", { rx: "1" });
      this.#bars.push(bar);
      this.root.append(bar);
    }
    for (const [index, bar] of this.#bars.entries()) {
      const height = heights[index] ?? 0;
      setAttribute(bar, "x", `${index * (width + gap)}`);
      setAttribute(bar, "y", `${HEIGHT - height}`);
      setAttribute(bar, "width", `${width}`);
      setAttribute(bar, "height", `${height}`);
      const standsOut =
        byWorker.length > 1 && (byWorker[index] ?? 0) > (STANDS_OUT_AT * total) / byWorker.length;
      setAttribute(bar, "class", standsOut ? "stands-out" : "");
    }
  }
}

interface Share {
  readonly name: string;
  readonly amount: number;
}

/** Only workers of a role that has any of it: a listening worker is not compared with a helper thread. */
function amongPeers(amounts: readonly number[], workers: readonly WorkerReport[]): Share[] {
  const roles = new Set(workers.filter((_, index) => (amounts[index] ?? 0) > 0).map(({ role }) => role));
  return amounts.flatMap((amount, index) => {
    const worker = workers[index];
    if (worker === undefined) return [{ name: `${index}`, amount }];
    const name = worker.role === "thread" ? t("{0} thread {1}", worker.id, worker.threadId) : `${worker.id}`;
    return roles.size === 0 || roles.has(worker.role) ? [{ name, amount }] : [];
  });
}

/** More workers than there is room for bars: neighbours share one. */
function grouped(workers: readonly number[], most: number): number[] {
  const size = Math.max(1, Math.ceil(workers.length / most));
  const bars: number[] = [];
  for (const [index, amount] of workers.entries()) {
    const bar = Math.floor(index / size);
    bars[bar] = (bars[bar] ?? 0) + amount;
  }
  return bars;
}
