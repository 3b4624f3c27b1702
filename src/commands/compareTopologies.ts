// Commands: Darcy: Compare Topologies…: the same load over several topologies of the user's server, in turn; what differs is
// shown as a document.

import * as vscode from "vscode";
import type { NodeBinary } from "../collector/findNode.ts";
import { UserError } from "../common/errors.ts";
import { setting } from "../common/settings.ts";
import { said, t } from "../model/l10n.ts";
import { TOPOLOGIES, type Topology } from "../protocol/sessionFile.ts";
import { findNode } from "../recording/node.ts";
import { ownVariablesLeftOut, terminalNodeOptions, withChanges } from "../recording/serverEnvironment.ts";
import { type LabOptions, runLab, WARMUP_SECONDS } from "../recording/topologyLab.ts";
import type { Services } from "../services.ts";
import { mayReplace, maySpawn } from "./consent.ts";
import { askTarget, input, wholeWithin } from "./loadQuestions.ts";
import { pickTarget } from "./pickTarget.ts";
import { workersIn } from "./recordingOptions.ts";

const WORDS: Readonly<Record<Topology, string>> = {
  auto: "the best that this machine and its Node.js support",
  reuse: said("every worker listens, the kernel shares out connections (Linux, Node.js 22.12 or newer)"),
  handle: said("the workers take turns at one listening handle"),
  threads: said("the workers are threads of one process (Linux, Node.js 22.12 or newer)"),
  rr: said("one worker accepts and deals connections, as Node's cluster does"),
  single: said("one worker, as without Darcy"),
};
const CONNECTIONS = 20;
const MOST_SECONDS = 600;
const MOST_ROUNDS = 20;

interface Questions {
  readonly topologies: readonly Topology[];
  readonly method: string;
  readonly path: string;
  readonly seconds: number;
  readonly rounds: number;
}

/** @param wanted from a key binding or another extension: a target and all answers, instead of the questions */
export async function compareTopologies(services: Services, wanted?: unknown): Promise<void> {
  if (!(await maySpawn()) || !(await mayReplace(services, t("compare topologies")))) return;
  const given = givenAnswers(wanted);
  const target = await pickTarget(services.context.workspaceState, given?.target ?? null);
  if (target === null) return;
  const node = await findNode(setting("darcy.nodePath"), process.env);
  const answers = given ?? (await ask(atFirst(node)));
  if (answers === null || (await target.before?.()) === false) return;
  const { title, command, cwd, environment } = await target.launch(node);
  const workers = await workersIn(vscode.Uri.file(cwd));
  if (workers < 2)
    throw new UserError(
      t("With one worker all topologies are the same."),
      t("Set darcy.workers to 2 or more; 0 is as many as find a processor each."),
    );
  const base = withChanges(ownVariablesLeftOut(process.env), terminalNodeOptions(cwd));
  const markdown = await withProgress(services, title, {
    ...answers,
    command,
    cwd,
    environment: withChanges(base, environment),
    nodePath: node.path,
    cli: vscode.Uri.joinPath(services.context.extensionUri, "dist", "cli.js").fsPath,
    workers,
    connections: CONNECTIONS,
  });
  if (markdown === null) return;
  const { method, path } = answers;
  await services.documents.show(
    `Topologies of ${title}`,
    `# Topologies of ${title.replace(/[\\`*_[\]<>#]/g, "\\$&")}\n\n${method} \`${path.replaceAll("`", "'")}\`, ${CONNECTIONS} connections, ${answers.seconds} s a run. ${markdown}`,
  );
}

/** Picked at first; where `reuse` does not exist it would be `handle` once more. */
function atFirst({ version }: NodeBinary): readonly Topology[] {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const reuses = process.platform === "linux" && (major > 22 || (major === 22 && minor >= 12));
  return reuses ? ["reuse", "handle", "rr"] : ["handle", "rr"];
}

/** Null: canceled. @throws UserError */
async function withProgress(
  { context }: Services,
  title: string,
  options: LabOptions,
): Promise<string | null> {
  const increment = 100 / (options.rounds * options.topologies.length);
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t("Darcy: topologies of {0}", title),
      cancellable: true,
    },
    async (progress, cancel) => {
      let runs = 0;
      const lab = runLab(options, (message) => {
        progress.report({ message, increment: runs++ === 0 ? 0 : increment });
      });
      cancel.onCancellationRequested(() => lab.stop());
      // The window may close meanwhile: the server is not to outlive it.
      const leave = { dispose: () => lab.stop() };
      context.subscriptions.push(leave);
      try {
        return await lab.done;
      } finally {
        context.subscriptions.splice(context.subscriptions.indexOf(leave), 1);
      }
    },
  );
}

async function ask(first: readonly Topology[]): Promise<Questions | null> {
  const items = TOPOLOGIES.map((label) => ({
    label,
    description: t(WORDS[label]),
    picked: first.includes(label),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Compare Topologies ({0} of 4)", 1),
    placeHolder: t("Two or more; the server runs with each in turn"),
    canPickMany: true,
  });
  if (picked === undefined) return null;
  if (picked.length < 2) {
    void vscode.window.showInformationMessage(
      t("One topology has nothing to be compared with: choose two or more."),
    );
    return null;
  }
  const load = await askTarget(
    t("Compare Topologies ({0} of 4)", 2),
    t("Method and path that the load asks for"),
    "/",
  );
  if (load === null) return null;
  const seconds = await input(
    t("Compare Topologies ({0} of 4)", 3),
    t("Seconds that each run is measured, after {0} s of warm-up", WARMUP_SECONDS),
    "10",
    wholeWithin(1, MOST_SECONDS),
  );
  if (seconds === undefined) return null;
  const minutes = (picked.length * (Number(seconds) + WARMUP_SECONDS + 2)) / 60;
  const rounds = await input(
    t("Compare Topologies ({0} of 4)", 4),
    minutes < 1
      ? t("Rounds, three at least to tell chance apart; each takes under a minute")
      : t("Rounds, three at least to tell chance apart; each takes about {0} min", Math.round(minutes)),
    "3",
    wholeWithin(1, MOST_ROUNDS),
  );
  if (rounds === undefined) return null;
  const topologies = picked.map(({ label }) => label);
  return { topologies, ...load, seconds: Number(seconds), rounds: Number(rounds) };
}

/** Null: not all are there, or one makes no sense. */
function givenAnswers(wanted: unknown): (Questions & { readonly target: string }) | null {
  if (typeof wanted !== "object" || wanted === null) return null;
  const { target, topologies, path, seconds, rounds } = wanted as Record<string, unknown>;
  if (typeof target !== "string" || typeof path !== "string" || !path.startsWith("/")) return null;
  if (!isWhole(seconds, MOST_SECONDS) || !isWhole(rounds, MOST_ROUNDS) || !Array.isArray(topologies))
    return null;
  const known = TOPOLOGIES.filter((each) => topologies.includes(each));
  return known.length < 2 ? null : { target, topologies: known, method: "GET", path, seconds, rounds };
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
