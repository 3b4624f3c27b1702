// Commands: the tools that a chat in this editor may use: the same answers as those of `darcy mcp`, of the running recording
// too.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { COMMANDS, TOOLS } from "../contributions.ts";
import { inEnglish, t } from "../model/l10n.ts";
import type { Report } from "../protocol/report.ts";
import type { Services } from "../services.ts";
import { categoryOf, fileOf, rankOf, toInput, topOf } from "../tools/toolInput.ts";

type Input = ReturnType<typeof toInput>;

type ToolName = (typeof TOOLS)[keyof typeof TOOLS];
export type Tools = Readonly<Record<ToolName, vscode.LanguageModelTool<object>>>;

export function languageModelTools(services: Services): Tools {
  let listed: { readonly of: Input["file"]; readonly report: Report } | undefined;
  const bodies: Record<
    ToolName,
    Omit<vscode.LanguageModelTool<object>, "invoke"> & {
      answer(input: Input): Promise<string>;
    }
  > = {
    [TOOLS.listHotspots]: {
      answer: async (input) => {
        const [top, category] = [topOf(input), categoryOf(input)];
        const { listHotspots } = await import("../tools/answers.ts");
        const report = await reportFor(services, input);
        listed = { of: input.file, report };
        return inEnglish(() => listHotspots(report, top, category));
      },
    },
    [TOOLS.explainHotspot]: {
      answer: async (input) => {
        const rank = rankOf(input);
        const { explainHotspot } = await import("../tools/answers.ts");
        // Ranks are those of the list that was answered: figures of a running recording change meanwhile.
        const report =
          listed !== undefined && listed.of === input.file ? listed.report : await reportFor(services, input);
        const text = inEnglish(() => explainHotspot(report, rank));
        if (text === null) throw new UserError(`There is no hotspot ${rank}.`, "List them first.");
        return text;
      },
    },
    [TOOLS.compareRecordings]: {
      answer: async (input) => {
        const [before, after] = [fileOf(input, "before"), fileOf(input, "after")];
        const [{ compareAnswer }, { compareProfiles }] = await Promise.all([
          import("../tools/answers.ts"),
          import("../model/compare/compare.ts"),
        ]);
        const { sessions } = services;
        const [old, now] = [await sessions.read(fileUri(before)), await sessions.read(fileUri(after))];
        return inEnglish(() => compareAnswer(compareProfiles(old, now), now.cwd));
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
        invoke: async ({ input }) =>
          new vscode.LanguageModelToolResult([
            new vscode.LanguageModelTextPart(await said(answer, toInput(input))),
          ]),
      },
    ]),
  ) as unknown as Tools;
}

/** A model can mend what it asked for, once it is told. */
async function said(answer: (input: Input) => Promise<string>, input: Input): Promise<string> {
  try {
    return await answer(input);
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}

/** Of the recording that is named, else of the one that runs or ran last. @throws UserError */
async function reportFor({ recorder, sessions }: Services, input: Input): Promise<Report> {
  if (input.file !== undefined) {
    const [profile, { toReport }] = await Promise.all([
      sessions.read(fileUri(fileOf(input, "file"))),
      import("../model/report.ts"),
    ]);
    return inEnglish(() => toReport(profile));
  }
  const figures = recorder.live?.figures;
  if (!figures)
    throw new UserError(
      "Nothing was recorded in this window.",
      'Name a .darcy file as "file", or start a recording.',
    );
  const { report, englishFindings } = figures;
  return { ...report, findings: englishFindings ?? report.findings };
}

/** In the first folder of the workspace where the path is relative. */
function fileUri(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const absolute = /^(?:\/|[A-Za-z]:[\\/])/.test(path);
  return absolute || folder === undefined ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder.uri, path);
}
