// Commands: the question what to profile; the last choice comes first.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import { currentFileTarget } from "./targets/currentFile.ts";
import { launchTargets } from "./targets/launchConfigurations.ts";
import { packageScriptTargets } from "./targets/packageScripts.ts";
import type { Target } from "./targets/target.ts";

const LAST_KEY = "darcy.lastTarget";

interface TargetItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

/** @returns null when the user picks none. @throws UserError when there is nothing to pick, or not what is wanted */
export async function pickTarget(memory: vscode.Memento, wanted: string | null): Promise<Target | null> {
  const file = currentFileTarget();
  const groups: [string, readonly Target[]][] = [
    [t("current file"), file === null ? [] : [file]],
    [t("package.json scripts"), await packageScriptTargets()],
    ["launch.json", launchTargets()],
  ];
  const targets = groups.flatMap(([, list]) => list);
  const target = wanted === null ? await ask(groups, targets, memory) : find(targets, wanted);
  if (target !== null) await memory.update(LAST_KEY, target.id);
  return target;
}

function find(targets: readonly Target[], wanted: string): Target {
  const found = targets.find(({ id, label }) => id === wanted || label === wanted);
  if (found !== undefined) return found;
  throw new UserError(
    t('There is no "{0}" to profile here.', wanted),
    t("There is: {0}.", targets.map(({ label }) => label).join(", ") || t("nothing")),
  );
}

async function ask(
  groups: readonly [string, readonly Target[]][],
  targets: readonly Target[],
  memory: vscode.Memento,
): Promise<Target | null> {
  if (targets.length === 0) {
    throw new UserError(
      t("There is no Node server to profile here."),
      t(
        "Open a JavaScript or TypeScript file, or a folder with package.json scripts or a Node configuration in launch.json.",
      ),
    );
  }
  const last = targets.find(({ id }) => id === memory.get(LAST_KEY));
  const items: TargetItem[] = last === undefined ? [] : [separator(t("last choice")), itemOf(last)];
  for (const [name, list] of groups) {
    const rest = list.filter((target) => target !== last);
    if (rest.length > 0) items.push(separator(name), ...rest.map(itemOf));
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Profile Node Server"),
    placeHolder: t("What starts the server?"),
    matchOnDescription: true,
  });
  return picked?.target ?? null;
}

function separator(label: string): TargetItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function itemOf(target: Target): TargetItem {
  const { label, description, ignored } = target;
  return { label, description, ...(ignored === "" ? {} : { detail: ignored }), target };
}
