// Benchmark of the panel: a program's call tree of any size: own code, packages and Node's modules, with as many distinct stacks
// as are asked for, few of which are hot.

export interface Program {
  /** URLs. */
  readonly scripts: readonly string[];
  readonly frames: readonly { readonly script: number; readonly name: string; readonly line: number }[];
  /** Of the tree's nodes: the caller's node and the frame; 0 is the root. */
  readonly parents: readonly number[];
  readonly frameOf: readonly number[];
  /** A node that is a stack which costs, the hot ones often. */
  sample(random: () => number): number;
}

const OWN = { files: 300, functions: 4_000, root: "/srv/shop/src/" };
const PACKAGES = { files: 120, functions: 1_500 };
const NODE = { files: 12, functions: 200 };
const MOST_DEPTH = 28;
/** Inner nodes that are in no sample of their own. */
const BARE = 0.25;

export function makeProgram(stacks: number, random: () => number): Program {
  const pick = (count: number) => Math.min(count - 1, Math.floor(random() * count));
  const scripts = [
    ...Array.from({ length: OWN.files }, (_, n) => `${OWN.root}area${n % 20}/module${n}.js`),
    ...Array.from(
      { length: PACKAGES.files },
      (_, n) => `/srv/shop/node_modules/package${n % 40}/lib/part${n}.js`,
    ),
    ...Array.from({ length: NODE.files }, (_, n) => `node:module${n}`),
  ];
  const made = (from: number, { files, functions }: { files: number; functions: number }, word: string) =>
    Array.from({ length: functions }, (_, n) => ({
      script: from + (n % files),
      name: `${word}${n}`,
      line: 4 + 9 * Math.floor(n / files),
    }));
  const frames = [
    ...made(0, OWN, "handle"),
    ...made(OWN.files, PACKAGES, "pack"),
    ...made(OWN.files + PACKAGES.files, NODE, "node"),
  ];
  const parents = [0];
  const frameOf = [0];
  const depths = [0];
  const seen = new Set<string>();
  const sampled: number[] = [];
  while (sampled.length < stacks) {
    // Near the newest: chains grow deep; now and then from anywhere: they branch.
    const near = random() < 0.7 ? Math.max(0, parents.length - 1 - pick(400)) : pick(parents.length);
    const parent = (depths[near] as number) >= MOST_DEPTH ? pick(20) : near;
    const kind = random();
    const frame =
      kind < 0.75
        ? pick(OWN.functions)
        : kind < 0.95
          ? OWN.functions + pick(PACKAGES.functions)
          : OWN.functions + PACKAGES.functions + pick(NODE.functions);
    const key = `${parent} ${frame}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const node = parents.push(parent) - 1;
    frameOf.push(frame);
    depths.push((depths[parent] as number) + 1);
    if (random() > BARE) sampled.push(node);
  }
  // Every one at least once in an hour, the first ten thousand times as often.
  const hot = Math.log(sampled.length);
  return {
    scripts,
    frames,
    parents,
    frameOf,
    sample: (chance) => {
      const rank =
        chance() < 0.5 ? Math.floor(Math.exp(chance() * hot)) - 1 : Math.floor(chance() * sampled.length);
      return sampled[Math.min(sampled.length - 1, Math.max(0, rank))] as number;
    },
  };
}
