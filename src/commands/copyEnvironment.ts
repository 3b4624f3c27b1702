// Commands: Darcy: Copy Environment for an External Server…: begins a recording that a server joins which something else
// starts (docker, pm2, systemd, a terminal), and copies what gives it the two variables.

import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  dockerOptions,
  type ExternalServer,
  environmentFile,
  exportLines,
  systemdLines,
} from "../collector/externalServer.ts";
import { said, t } from "../model/l10n.ts";
import type { Services } from "../services.ts";
import { mayReplace, maySpawn } from "./consent.ts";
import { recordingOptions } from "./recordingOptions.ts";

/** Texts as `said` marks them. */
interface Way {
  readonly label: string;
  readonly detail: string;
  /** What to do with the copied text, as a sentence. */
  readonly next: string;
  text(server: ExternalServer): string;
}

const WAYS: readonly Way[] = [
  {
    label: "docker",
    detail: said("Options of docker run: both variables, and the folders that the container needs"),
    next: said(
      "Put the options into docker run. The image needs Node.js 20 or newer and the user that runs VS Code.",
    ),
    text: dockerOptions,
  },
  {
    label: "pm2",
    detail: said("Lines for a shell, which restart it with the variables"),
    next: said(
      "Paste the lines into a terminal, with the server's name in place of NAME. In cluster mode the last line is: pm2 update.",
    ),
    text: (server) => `${exportLines(server)}pm2 restart NAME --update-env`,
  },
  {
    label: "systemd",
    detail: said("A drop-in for systemctl edit"),
    next: said(
      "Paste it into systemctl edit NAME, then restart the service. It takes the place of NODE_OPTIONS that the unit has.",
    ),
    text: systemdLines,
  },
  {
    label: said("terminal"),
    detail: said("Two export lines; the NODE_OPTIONS there are kept"),
    next: said("Paste the lines into the terminal that starts the server."),
    text: exportLines,
  },
  {
    label: said("environment file"),
    detail: said("Two lines, as docker's --env-file reads them"),
    next: said("Put the lines into the file that the server's environment is read from."),
    text: environmentFile,
  },
];

/** @param wanted from a key binding or another extension: a way's label, instead of the question */
export async function copyEnvironment(services: Services, wanted?: unknown): Promise<void> {
  if (!(await maySpawn())) return;
  const way = WAYS.find(({ label }) => label === wanted) ?? (await pickWay());
  if (way === undefined) return;
  const server = services.recorder.recording?.externalServer ?? (await begin(services));
  if (server === null) return;
  await vscode.env.clipboard.writeText(way.text(server));
  void vscode.window.showInformationMessage(
    t(
      "Copied for {0}. {1} Darcy records the server that joins until you stop; take the variables away again then.",
      t(way.label),
      t(way.next),
    ),
  );
}

async function pickWay(): Promise<Way | undefined> {
  const items = WAYS.map((way) => ({ way, label: t(way.label), detail: t(way.detail) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t("Copy Environment for an External Server"),
    placeHolder: t("What starts the server? It has to run on this machine."),
    matchOnDetail: true,
  });
  return picked?.way;
}

/** Null: not begun; the panel says why where something failed. */
async function begin(services: Services): Promise<ExternalServer | null> {
  if (!(await mayReplace(services))) return null;
  const { recorder, annotations, panel } = services;
  const cwd = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
  const options = await recordingOptions(services, async () => ({
    title: t("External server"),
    command: ["attached"],
    cwd: cwd ?? homedir(),
    environment: {},
  }));
  annotations.begin();
  panel.show();
  const recording = await recorder.start({ ...options, external: true });
  return recording.externalServer;
}
