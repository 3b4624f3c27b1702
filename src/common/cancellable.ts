// Common: work that may take its time: above a second a notification says so, and the user need not wait for it.

import * as vscode from "vscode";

const PATIENCE_MILLIS = 1_000;

/**
 * @param work ends early once the signal is aborted, and then leaves nothing behind
 * @throws vscode.CancellationError when the user canceled it
 */
export async function cancellable<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const canceling = new AbortController();
  const { signal } = canceling;
  const done = work(signal).catch((error: unknown) => {
    throw signal.aborted ? new vscode.CancellationError() : error;
  });
  let waiting: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    waiting = setTimeout(resolve, PATIENCE_MILLIS, "late");
  });
  try {
    if ((await Promise.race([done.then(() => "done"), late])) === "late")
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        (_, canceled) => {
          canceled.onCancellationRequested(() => canceling.abort());
          return done;
        },
      );
  } finally {
    clearTimeout(waiting);
  }
  return done;
}
