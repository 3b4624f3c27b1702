// Commands: the tools that a chat in this editor may use: the same answers as those of `darcy mcp`, of the running recording
// too.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { COMMANDS, TOOLS } from "../contributions.ts";
import { inEnglish, t } from "../model/l10n.ts";
import type { Report } from "../protocol/report.ts";
import type { QuestionName, Questions } from "../recording/analysis/messages.ts";
import { analysisThread } from "../recording/analysis/threadFile.ts";
import type { Services } from "../services.ts";
import { categoryOf, fileOf, rankOf, toInput, topOf } from "../tools/toolInput.ts";

type Input = ReturnType<typeof toInput>;

type ToolName = (typeof TOOLS)[keyof typeof TOOLS];
export type Tools = Readonly<Record<ToolName, vscode.LanguageModelTool<object>>>;

export function languageModelTools(services: Services): Tools {
  /** Of the running recording, as it was told last: ranks are those of that list, and its figures change meanwhile. */
  let listed: Report | undefined;
  const ofFiles = async <K extends QuestionName>(name: K, ask: Questions[K]["ask"], signal: AbortSignal) => {
    const { askOnce } = await import("../recording/analysis/analysis.ts");
    return askOnce(analysisThread(services.context.extensionUri), name, ask, signal);
  };
  const bodies: Record<
    ToolName,
    Omit<vscode.LanguageModelTool<object>, "invoke"> & {
      /** @param signal nobody waits for it any more */
      answer(input: Input, signal: AbortSignal): Promise<string>;
    }
  > = {
    [TOOLS.listHotspots]: {
      answer: async (input, signal) => {
        const [top, category] = [topOf(input), categoryOf(input)];
        if (input.file !== undefined)
          return ofFiles("hotspots", { file: pathOf(input, "file"), top, category }, signal);
        const { listHotspots } = await import("../tools/answers.ts");
        const report = runningReport(services);
        listed = report;
        return inEnglish(() => listHotspots(report, top, category));
      },
    },
    [TOOLS.explainHotspot]: {
      answer: async (input, signal) => {
        const rank = rankOf(input);
        const { explainHotspot } = await import("../tools/answers.ts");
        const text =
          input.file === undefined
            ? inEnglish(() => explainHotspot(listed ?? runningReport(services), rank))
            : await ofFiles("hotspot", { file: pathOf(input, "file"), rank }, signal);
        if (text === null) throw new UserError(`There is no hotspot ${rank}.`, "List them first.");
        return text;
      },
    },
    [TOOLS.compareRecordings]: {
      answer: (input, signal) => {
        const [before, after] = [pathOf(input, "before"), pathOf(input, "after")];
        return ofFiles("comparedText", { before, after, reader: "model" }, signal);
      },
    },
    [TOOLS.startRecording]: {
      prepareInvocation: () => ({
        invocationMessage: t("Starting a recording"),
        confirmationMessages: {
          title: t("Record a Node server"),
          message: t("Darcy will start a server of this workspace, which you choose, and measure it."),
        },
      }),
      answer: async () => {
        await vscode.commands.executeCommand(COMMANDS.profile);
        const { recording } = services.recorder;
        return recording?.active === true
          ? `${recording.title} is being recorded. Figures come with its first requests.`
          : "No recording was started.";
      },
    },
  };
  return Object.fromEntries(
    Object.entries(bodies).map(([name, { answer, ...rest }]): [string, vscode.LanguageModelTool<object>] => [
      name,
      {
        ...rest,
        invoke: async ({ input }, canceled) => {
          const canceling = new AbortController();
          const following = canceled.onCancellationRequested(() => canceling.abort());
          try {
            const text = await said(() => answer(toInput(input), canceling.signal));
            return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
          } catch (error) {
            throw canceling.signal.aborted ? new vscode.CancellationError() : error;
          } finally {
            following.dispose();
          }
        },
      },
    ]),
  ) as unknown as Tools;
}

/** A model can mend what it asked for, once it is told. */
async function said(answer: () => Promise<string>): Promise<string> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}

/** Of the recording that runs or ran last. @throws UserError */
function runningReport({ recorder }: Services): Report {
  const figures = recorder.live?.figures;
  if (!figures)
    throw new UserError(
      "Nothing was recorded in this window.",
      'Name a .darcy file as "file", or start a recording.',
    );
  const { report, englishFindings } = figures;
  return { ...report, findings: englishFindings ?? report.findings };
}

/** In the first folder of the workspace where the path is relative. @throws UserError */
function pathOf(input: Input, name: string): string {
  const path = fileOf(input, name);
  const folder = vscode.workspace.workspaceFolders?.[0];
  const absolute = /^(?:\/|[A-Za-z]:[\\/])/.test(path);
  const uri =
    absolute || folder === undefined ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder.uri, path);
  return uri.fsPath;
}
