// Tests: a program's output without what differs from one run to the next: its own folder, process and port numbers.

export interface RunFacts {
  readonly scratch: string;
  readonly node: string;
  readonly pid: number;
}

export function normalised(text: string, { scratch, node, pid }: RunFacts): string {
  return (
    text
      .replaceAll(scratch, "SCRATCH")
      .replaceAll(node, "NODE")
      // A line or column of a stack frame may have the process's number by chance.
      .replace(new RegExp(`(?<!\\.[cm]?[jt]s:(?:\\d+:)?)\\b${pid}\\b`, "g"), "PID")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
      .replaceAll(/0x[0-9a-f]{6,}/g, "ADDRESS")
      .replaceAll(/(127\.0\.0\.1|localhost|\[?::1\]?):\d+/g, "$1:PORT")
  );
}
