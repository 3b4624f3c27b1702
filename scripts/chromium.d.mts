// Types of chromium.mjs, for the tests.
export declare function ensureChromium(log?: (line: string) => void): string;
