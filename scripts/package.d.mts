// Types of package.mjs, for the tests.
export declare function packExtension(): { readonly file: string; readonly bytes: number };
