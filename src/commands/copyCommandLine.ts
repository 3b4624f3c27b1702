// Commands: Darcy: Copy Command Line…: how a terminal or a language model's tool runs the command line that came with the
// extension.

import { join } from "node:path";
import * as vscode from "vscode";
import { shellWord } from "../collector/externalServer.ts";
import { setting } from "../common/settings.ts";
import { said, t } from "../model/l10n.ts";
import type { Services } from "../services.ts";

/** Texts as `said` marks them. */
interface Use {
  readonly id: "terminal" | "mcp";
  readonly label: string;
  readonly detail: string;
  /** What to do with the copied text, as a sentence. */
  readonly next: string;
  text(node: string, cli: string): string;
}

const USES: readonly Use[] = [
  {
    id: "terminal",
    label: said("For a terminal"),
    detail: said(
      "An alias (on Windows a PowerShell function): darcy record, report, compare, check, export, attach",
    ),
    next: said("Paste the line into a terminal, then try: darcy --help."),
    text: process.platform === "win32" ? powerShellFunction : shellAlias,
  },
  {
    id: "mcp",
    label: said("For a language model's tools (MCP)"),
    detail: said("The entry of a configuration with mcpServers: hotspots, explanations and comparisons"),
    next: said("Put the entry into the tool's configuration; it reads recordings and starts nothing."),
    text: (node, cli) => `"darcy": ${JSON.stringify({ command: node, args: [cli, "mcp"] }, null, 2)}`,
  },
];

function shellAlias(node: string, cli: string): string {
  return `alias darcy=${shellWord(`${shellWord(node)} ${shellWord(cli)}`)}`;
}

function powerShellFunction(node: string, cli: string): string {
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
  return `function darcy { & ${quoted(node)} ${quoted(cli)} @args }`;
}

/** @param wanted from a key binding or another extension: a use's id, instead of the question */
export async function copyCommandLine({ context }: Services, wanted?: unknown): Promise<void> {
  const use = USES.find(({ id }) => id === wanted) ?? (await pickUse());
  if (use === undefined) return;
  const node = setting("darcy.nodePath") || "node";
  await vscode.env.clipboard.writeText(use.text(node, join(context.extensionPath, "dist", "cli.js")));
  void vscode.window.showInformationMessage(
    t("Copied. {0} An update of Darcy changes the path: copy it again then.", t(use.next)),
  );
}

async function pickUse(): Promise<Use | undefined> {
  const items = USES.map((use) => ({ use, label: t(use.label), detail: t(use.detail) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Copy Command Line"),
    placeHolder: t("Where is it to run?"),
    matchOnDetail: true,
  });
  return picked?.use;
}
