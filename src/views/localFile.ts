// Views: where a file that a recording names is on this machine, or in the workspace, as an address.

import * as vscode from "vscode";
import { isUsers } from "../common/isUsers.ts";
import { type Disk, findLocal, type LocalPlace } from "./localPlace.ts";

export type LocalFile = LocalPlace<vscode.Uri>;

const DISK: Disk<vscode.Uri> = {
  get folders() {
    return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => ({ at: uri, path: uri.path }));
  },
  // A stranger's recording must not send us to another machine (\\host\share).
  recorded: (file) => (/^[\\/]{2}/.test(file) && !isUsers(file) ? null : vscode.Uri.file(file)),
  join: (folder, names) => vscode.Uri.joinPath(folder, ...names),
  async isFile(uri) {
    try {
      return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
    } catch {
      return false;
    }
  },
};

/** @param cwd where the server ran; null: there is no such file here */
export function localFile(file: string, cwd: string): Promise<LocalFile | null> {
  return findLocal(file, cwd, DISK);
}
