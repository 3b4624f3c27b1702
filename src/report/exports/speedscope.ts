// Report, exports: for speedscope.app: one profile a category, weighted by its amount, in its own unit.
// Format: github.com/jlfwong/speedscope, file-format-schema.json.

import { CATEGORY_NAME } from "../../model/format.ts";
import type { WeightedStack, WeightedStacks } from "../../model/weightedStacks.ts";
import { CATEGORIES, type Category } from "../../protocol/categories.ts";
import type { Location } from "../../protocol/report.ts";

const SCHEMA = "https://www.speedscope.app/file-format-schema.json";
const UNIT: Readonly<Record<Category, string>> = {
  copies: "bytes",
  switches: "none",
  allocations: "bytes",
  locks: "microseconds",
};

export function toSpeedscope({ stacks }: WeightedStacks, name: string, version: string): string {
  const frames = new Frames();
  const profiles = CATEGORIES.flatMap((category) => {
    const own = stacks.filter((stack) => stack.category === category);
    return own.length === 0 ? [] : [sampled(category, own, frames, name)];
  });
  return JSON.stringify({
    $schema: SCHEMA,
    exporter: `darcy@${version}`,
    name,
    activeProfileIndex: 0,
    shared: { frames: frames.list },
    profiles,
  });
}

function sampled(category: Category, stacks: readonly WeightedStack[], frames: Frames, name: string) {
  const what = category === "switches" ? "Hand-offs" : CATEGORY_NAME[category];
  return {
    type: "sampled",
    name: `${what}: ${name}`,
    unit: UNIT[category],
    startValue: 0,
    endValue: stacks.reduce((sum, { amount }) => sum + amount, 0),
    // Outermost first.
    samples: stacks.map(({ frames: locations, callee }) => [
      ...[...locations].reverse().map((location) => frames.of(location)),
      frames.named(callee),
    ]),
    weights: stacks.map(({ amount }) => amount),
  };
}

class Frames {
  readonly list: { name: string; file?: string; line?: number; col?: number }[] = [];
  readonly #ids = new Map<string, number>();

  of({ function: name, file, line, column }: Location): number {
    return this.#id(`${name}\n${file}\n${line}:${column}`, {
      name,
      ...(file === "" ? {} : { file }),
      ...(line > 0 ? { line, col: column } : {}),
    });
  }

  named(name: string): number {
    return this.#id(name, { name });
  }

  #id(key: string, frame: (typeof this.list)[number]): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.list.push(frame) - 1;
    this.#ids.set(key, id);
    return id;
  }
}
