// Commands: Darcy: Profile Node Server…: asks what to run, and records it.

import * as vscode from "vscode";
import { setting } from "../common/settings.ts";
import { DEFAULT_SAMPLING } from "../protocol/sessionFile.ts";
import { stableBundles } from "../recording/bundles.ts";
import { findNode } from "../recording/node.ts";
import type { Services } from "../services.ts";
import { pickTarget } from "./pickTarget.ts";
import type { Target } from "./targets/target.ts";

/** @param wanted from a key binding or another extension: the label or id of a target, instead of the question */
export async function profile(services: Services, wanted?: unknown): Promise<void> {
  const { recorder, annotations, panel, context } = services;
  if (!(await maySpawn()) || !(await mayReplace(services))) return;
  const target = await pickTarget(context.workspaceState, typeof wanted === "string" ? wanted : null);
  if (target === null || (await target.before?.()) === false) return;
  const options = await recordingOptions(services, target);
  annotations.begin();
  panel.show();
  await recorder.start(options);
}

async function recordingOptions({ context }: Services, target: Target) {
  const node = await findNode(setting("darcy.nodePath"), process.env);
  const launch = await target.launch(node);
  const folder = vscode.Uri.file(launch.cwd);
  const { fsPath: dist } = vscode.Uri.joinPath(context.extensionUri, "dist");
  const { workersThatFit } = await import("../collector/processorLimit.ts");
  return {
    ...launch,
    node,
    workers: setting("darcy.workers", folder) || workersThatFit(),
    topology: setting("darcy.topology", folder),
    sampling: { ...DEFAULT_SAMPLING, stacksPerSecond: setting("darcy.stacksPerSecond", folder) },
    bundles: await stableBundles(dist, context.globalStorageUri.fsPath),
  };
}

/** A key binding reaches the command in Restricted Mode too. */
async function maySpawn(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const button = "Manage Workspace Trust";
  const answer = await vscode.window.showWarningMessage(
    "Darcy runs the workspace's own code, so it starts nothing in Restricted Mode. Saved recordings can be viewed.",
    button,
  );
  if (answer === button) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}

async function mayReplace({ recorder }: Services): Promise<boolean> {
  const running = recorder.recording;
  if (running?.active !== true) return true;
  const button = "Stop and Start";
  const answer = await vscode.window.showWarningMessage(
    `${running.title} is being recorded. Stop it and start another recording?`,
    { modal: true },
    button,
  );
  if (answer !== button) return false;
  await recorder.stop();
  return true;
}
