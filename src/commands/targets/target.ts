// Commands: what the user picks to profile, and the command line that it turns into.

import type { NodeBinary } from "../../collector/findNode.ts";

export interface Target {
  /** Stable over sessions, so that the last choice comes first. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** What of a launch configuration is not used, in words; empty: nothing. */
  readonly ignored: string;
  /** What is to be done first; false: the user does not want to go on. @throws UserError when it failed */
  before?(): Promise<boolean>;
  /** @throws UserError when it can't be launched */
  launch(node: NodeBinary): Promise<Launch>;
}

export interface Launch {
  /** The server's short name. */
  readonly title: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Added to the user's environment; null takes a variable away. */
  readonly environment: Readonly<Record<string, string | null>>;
}
