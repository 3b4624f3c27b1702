// Commands: Darcy: Profile Node Server…: asks what to run, and records it.

import type { Services } from "../services.ts";
import { mayReplace, maySpawn } from "./consent.ts";
import { pickTarget } from "./pickTarget.ts";
import { recordingOptions } from "./recordingOptions.ts";

/** @param wanted from a key binding or another extension: the label or id of a target, instead of the question */
export async function profile(services: Services, wanted?: unknown): Promise<void> {
  const { recorder, annotations, panel, context } = services;
  if (!(await maySpawn()) || !(await mayReplace(services))) return;
  const target = await pickTarget(context.workspaceState, typeof wanted === "string" ? wanted : null);
  if (target === null || (await target.before?.()) === false) return;
  const options = await recordingOptions(services, (node) => target.launch(node));
  annotations.begin();
  panel.show();
  await recorder.start(options);
}
