// Commands: the terminal of a task that can't be run: says why, and fails.

import * as vscode from "vscode";

const MISUSED = 2;

export function problemExecution(text: string): vscode.CustomExecution {
  return new vscode.CustomExecution(async () => {
    const written = new vscode.EventEmitter<string>();
    const closed = new vscode.EventEmitter<number>();
    return {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open: () => {
        written.fire(`${text}\r\n`);
        closed.fire(MISUSED);
      },
      close: () => {
        written.dispose();
        closed.dispose();
      },
    };
  });
}
