// Panel: a tile's spark line: the whole session from zero, the scope in full strength.

import { setAttribute, svg } from "./element.ts";
import { topOf } from "./timeLine/columns.ts";

const WIDTH = 86;
const HEIGHT = 28;
const PAD = 3;

export class Spark {
  readonly root: SVGElement;
  readonly #before = svg("path", { class: "spark-before" });
  readonly #scope = svg("path", { class: "spark-scope" });
  /** A line without length: its round ends make a dot that stays round however the picture is stretched. */
  readonly #end = svg("path", { class: "spark-end" });

  constructor() {
    // Its table twin is the time line's: the figures are the same.
    this.root = svg(
      "svg",
      {
        class: "spark",
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      [this.#before, this.#scope, this.#end],
    );
  }

  show(atMs: readonly number[], values: readonly (number | null)[], fromMs: number, toMs: number): void {
    const points = bucketed(atMs, values);
    const top = Math.max(1e-9, topOf(...unzipped(points))) * 1.35;
    const first = points[0]?.[0] ?? 0;
    const last = points.at(-1)?.[0] ?? 1;
    const place = ([ms, value]: Point): string => {
      const x = PAD + ((ms - first) / Math.max(1, last - first)) * (WIDTH - 2 * PAD);
      return `${x.toFixed(1)} ${(HEIGHT - PAD - Math.min(1, value / top) * (HEIGHT - 2 * PAD)).toFixed(1)}`;
    };
    const path = (from: readonly Point[]) => (from.length < 2 ? "" : `M${from.map(place).join("L")}`);
    const inside = points.filter(([ms]) => ms >= fromMs && ms <= toMs);
    setAttribute(this.#before, "d", path(points));
    setAttribute(this.#scope, "d", path(inside));
    const end = points.at(-1);
    setAttribute(this.#end, "d", end === undefined || points.length < 2 ? "" : `M${place(end)}h0`);
  }
}

type Point = readonly [ms: number, value: number];

function unzipped(points: readonly Point[]): [number[], number[]] {
  return [points.map(([ms]) => ms), points.map(([, value]) => value)];
}

/** At most one point a pixel. */
function bucketed(atMs: readonly number[], values: readonly (number | null)[]): Point[] {
  const step = Math.max(1, Math.ceil(atMs.length / WIDTH));
  const points: Point[] = [];
  for (let start = 0; start < atMs.length; start += step) {
    let sum = 0;
    let found = 0;
    for (const value of values.slice(start, start + step)) {
      if (value === null) continue;
      sum += value;
      found += 1;
    }
    if (found > 0) points.push([atMs[Math.min(start + step, atMs.length) - 1] ?? 0, sum / found]);
  }
  return points;
}
