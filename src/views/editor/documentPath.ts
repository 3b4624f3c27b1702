// Editor: which measured file a document shows: by the path where the server ran, whatever scheme the editor has for it. Pure.

/** A `vscode.Uri`, as far as it is looked at. */
export interface Address {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** One form for all: forward slashes, and drives in small letters as VS Code has them. */
export function fileKey(path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const drive = /^\/?([A-Za-z]):(?=\/)/.exec(slashed);
  return drive === null ? slashed : `/${drive[1]?.toLowerCase()}:${slashed.slice(drive[0].length)}`;
}

/**
 * Null for what is no file that ran: a commit's version (`git:`), output, what was never saved.
 * @param folder the workspace's folder that the document is in
 * @param cwd where the server ran: a virtual folder stands for it, as its files have no path of their own
 */
export function documentKey(document: Address, folder: Address | null, cwd: string): string | null {
  const { scheme, authority, path } = document;
  if (scheme === "file") return fileKey(authority === "" ? path : `//${authority}${path}`);
  // The path on the other machine, where the server runs too.
  if (scheme === "vscode-remote") return fileKey(path);
  if (folder === null || folder.scheme !== scheme || folder.authority !== authority) return null;
  const root = folder.path.replace(/\/+$/, "");
  return path.startsWith(`${root}/`)
    ? fileKey(`${fileKey(cwd).replace(/\/+$/, "")}${path.slice(root.length)}`)
    : null;
}
