// Types of nodes.mjs, for the benchmarks.
export declare const EVERY_MAJOR: readonly number[];
export declare function ensureNodes(majors: readonly number[]): Map<number, string>;
