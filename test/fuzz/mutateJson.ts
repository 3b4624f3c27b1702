// Fuzzing: changes a message's values and shape and leaves it JSON: what only a hostile or a confused sender says.

import type { Chance } from "./chance.ts";

const NUMBERS = [
  "-1",
  "0",
  "1",
  "0.5",
  "-0",
  "1e308",
  "-1e308",
  "1e400",
  "9007199254740992",
  "1048576",
  "4294967296",
];
const FAIR = [0, 1, 2, 3, 10, 60, 63, 1_000, 65_535, 1_048_576, 2 ** 40, 2 ** 53 - 1, 2 ** 60];
const WORDS = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "\u0000",
  "\ud800",
  "<img onerror=alert(1)>",
  "\u001b[2J",
  "node:fs",
];
const KEYS = ["__proto__", "constructor", "prototype", "toJSON", "length", "then"];
const MOST_STEPS = 12;

type Holder = Record<string, unknown> | unknown[];

/** JSON text; `value` is changed. */
export function mutateJson(value: unknown, chance: Chance): string {
  if (chance.once(3)) return JSON.stringify(nudged(value, chance));
  const places = new Map<string, string>();
  for (let times = 1 + chance.below(3); times > 0; times--) {
    const holder = holderIn(value, chance);
    if (holder !== null) change(holder, chance, places);
  }
  let text = JSON.stringify(value);
  // What JSON.stringify would not write.
  for (const [mark, raw] of places) text = text.replace(`"${mark}"`, () => raw);
  return text;
}

/** Only numbers, and these stay numbers: most of it is let in. */
function nudged(value: unknown, chance: Chance): unknown {
  for (let times = 1 + chance.below(4); times > 0; times--) {
    const holder = holderIn(value, chance) as Record<string, unknown> | null;
    if (holder === null) continue;
    for (const key of Object.keys(holder))
      if (typeof holder[key] === "number" && chance.once(2)) holder[key] = chance.pick(FAIR);
  }
  return value;
}

/** Of a random value in it: the list or object that holds it. */
function holderIn(value: unknown, chance: Chance): Holder | null {
  let holder: Holder | null = null;
  let at = value;
  for (let step = 0; step < MOST_STEPS && typeof at === "object" && at !== null; step++) {
    holder = at as Holder;
    const keys = Object.keys(at);
    // Lists of rows are long and the rest is short: by chance alone it would always be a row.
    if (keys.length === 0 || chance.once(5)) break;
    at = (at as Record<string, unknown>)[chance.pick(keys)];
  }
  return holder;
}

function change(holder: Holder, chance: Chance, places: Map<string, string>): void {
  const keys = Object.keys(holder);
  const key = keys.length === 0 ? "0" : chance.pick(keys);
  const at = holder as Record<string, unknown>;
  switch (chance.below(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1 + chance.below(3));
      else delete at[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.push(...holder.slice(0, 1 + chance.below(64)));
      else at[chance.pick(Object.keys(holder).concat("x"))] = at[key];
      return;
    case 2:
      if (Array.isArray(holder)) holder.reverse();
      else at[key] = Object.values(at);
      return;
    case 3:
      if (typeof at[key] === "number") at[key] = (at[key] as number) + chance.pick([-1, 1, 0.5, 1e6, -1e6]);
      else at[key] = raw(hostile(chance), places);
      return;
    case 4:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(at[key]));
      else at[raw(JSON.stringify(chance.pick(KEYS)), places)] = { polluted: true };
      return;
    default:
      at[key] = raw(hostile(chance), places);
  }
}

function hostile(chance: Chance): string {
  const large = chance.once(50);
  switch (chance.below(9)) {
    case 0:
    case 1:
    case 2:
      return chance.pick(NUMBERS);
    case 3:
      return JSON.stringify(chance.pick(WORDS));
    case 4:
      return JSON.stringify("x".repeat(large ? 9_000 : chance.pick([100, 600])));
    case 5:
      return chance.pick(["null", "true", "[]", "{}", "[[]]", '{"length":1e9}']);
    case 6: {
      const depth = large ? 20_000 : 40;
      return "[".repeat(depth) + "]".repeat(depth);
    }
    case 7:
      return `[${new Array(large ? 5_000 : 20).fill(chance.pick(NUMBERS)).join(",")}]`;
    default:
      return `{${JSON.stringify(chance.pick(KEYS))}:{"polluted":1}}`;
  }
}

function raw(json: string, places: Map<string, string>): string {
  const mark = `fuzz-${places.size}`;
  places.set(mark, json);
  return mark;
}
