// Editor: the path of a document where the server ran, if it runs here, whatever scheme the editor has for it. Pure.

import { fileKey } from "../localPlace.ts";

/** A `vscode.Uri`, as far as it is looked at. */
export interface Address {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** Null for what has no path of its own there: a commit's version (`git:`), output, what was never saved, a virtual folder's file. */
export function documentKey({ scheme, authority, path }: Address): string | null {
  if (scheme === "file") return fileKey(authority === "" ? path : `//${authority}${path}`);
  // The path on the other machine, where the server runs too.
  return scheme === "vscode-remote" ? fileKey(path) : null;
}
