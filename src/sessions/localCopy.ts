// Sessions: a recording as a file on this machine, wherever it stands: in a virtual folder it has none of its own.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as vscode from "vscode";

export interface LocalCopy extends vscode.Disposable {
  readonly file: string;
}

/** What is copied is deleted with it. @throws what its file system throws */
export async function localCopy(uri: vscode.Uri): Promise<LocalCopy> {
  if (uri.scheme === "file") return { file: uri.fsPath, dispose: () => undefined };
  const bytes = await vscode.workspace.fs.readFile(uri);
  const folder = await mkdtemp(join(tmpdir(), "darcy-copy-"));
  const dispose = () => void rm(folder, { recursive: true, force: true }).catch(() => undefined);
  const file = join(folder, basename(uri.path));
  try {
    await writeFile(file, bytes, { mode: 0o600 });
  } catch (error) {
    dispose();
    throw error;
  }
  return { file, dispose };
}
