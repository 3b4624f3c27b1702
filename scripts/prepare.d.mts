// Types of prepare.mjs, for the benchmarks.
export declare function runNpm(args: readonly string[], options?: { readonly cwd?: string }): void;
