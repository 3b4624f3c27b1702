// Commands: what a recording is started with: the user's settings, their Node, and what runs in the server's processes.

import * as vscode from "vscode";
import type { NodeBinary } from "../collector/findNode.ts";
import { DEFAULT_REST } from "../collector/sessionOptions.ts";
import { setting } from "../common/settings.ts";
import { DEFAULT_SAMPLING } from "../protocol/sessionFile.ts";
import { stableBundles } from "../recording/bundles.ts";
import { findNode } from "../recording/node.ts";
import type { RecordingOptions } from "../recording/recording.ts";
import type { Services } from "../services.ts";
import type { Launch } from "./targets/target.ts";

/** @throws UserError when there is no Node, or the launch can't be made */
export async function recordingOptions(
  { context }: Services,
  launchWith: (node: NodeBinary) => Promise<Launch>,
): Promise<RecordingOptions> {
  const node = await findNode(setting("darcy.nodePath"), process.env);
  const launch = await launchWith(node);
  const folder = vscode.Uri.file(launch.cwd);
  const percent = setting("darcy.followPercent", folder);
  const { fsPath: dist } = vscode.Uri.joinPath(context.extensionUri, "dist");
  return {
    ...launch,
    node,
    workers: await workersIn(folder),
    topology: setting("darcy.topology", folder),
    sampling: {
      ...DEFAULT_SAMPLING,
      stacksPerSecond: setting("darcy.stacksPerSecond", folder),
      followedShare: percent > 0 ? percent / 100 : null,
    },
    rest: setting("darcy.rests", folder) ? DEFAULT_REST : null,
    bundles: await stableBundles(dist, context.globalStorageUri.fsPath),
  };
}

export async function workersIn(folder: vscode.Uri): Promise<number> {
  const { workersThatFit } = await import("../collector/processorLimit.ts");
  return setting("darcy.workers", folder) || workersThatFit();
}
