// Types of nodes.mjs, for the benchmarks.
export declare function ensureNodes(majors: readonly number[]): Map<number, string>;
