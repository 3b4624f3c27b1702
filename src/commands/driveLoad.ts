// Commands: Darcy: Drive Load…: asks where to and how much, and sends requests to the recorded server.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { formatCount } from "../model/format.ts";
import { t } from "../model/l10n.ts";
import { takesLoad } from "../protocol/panel.ts";
import { type LoadRequest, MOST_CONNECTIONS, MOST_SECONDS, toLoadRequest } from "../recording/loadRequest.ts";
import type { Services } from "../services.ts";
import { askTarget, input, wholeWithin } from "./loadQuestions.ts";

const LAST_KEY = "darcy.lastLoad";
const FIRST: LoadRequest = { method: "GET", path: "/", connections: 20, seconds: 30 };

/** @param wanted from a key binding or another extension: parts of the request, instead of the questions */
export async function driveLoad(services: Services, wanted?: unknown): Promise<void> {
  const { recorder, context } = services;
  if (recorder.recording?.url == null || !recorder.recording.active) {
    throw new UserError(
      t("No recorded server is listening."),
      t("Start one with Darcy: Profile Node Server…"),
    );
  }
  const { url } = recorder.recording;
  if (!takesLoad(url)) {
    throw new UserError(
      t("The server at {0} speaks no HTTP, which the load would.", url),
      t("Send it messages by its own clients: they are measured."),
    );
  }
  const last = { ...FIRST, ...context.workspaceState.get<Partial<LoadRequest>>(LAST_KEY) };
  const given = typeof wanted === "object" && wanted !== null ? toLoadRequest({ ...last, ...wanted }) : null;
  const request = given ?? (await ask(last, url));
  if (request === null) return;
  await context.workspaceState.update(LAST_KEY, request);
  await sendLoad(services, request);
}

export async function sendLoad({ recorder }: Services, request: LoadRequest): Promise<void> {
  const result = await recorder.driveLoad(request);
  if (result === null) return;
  const asked = `${request.method} ${request.path}`;
  const answered = formatCount(result.answered);
  if (result.answered === 0) {
    throw new UserError(
      t("{0}: {1} answers, {2} errors.", asked, answered, formatCount(result.errors + result.timeouts)),
      t("Check that the path is right and that the server speaks HTTP."),
    );
  }
  if (result.non2xx > result.answered / 2) {
    void vscode.window.showWarningMessage(
      t(
        "{0}: {1} answers, {2} of them not 2xx. The figures are about those; check the path.",
        asked,
        answered,
        formatCount(result.non2xx),
      ),
    );
  }
}

async function ask(last: LoadRequest, url: string): Promise<LoadRequest | null> {
  const title = (step: number) => t("Drive Load ({0} of 3)", step);
  const before = last.method === "GET" ? last.path : `${last.method} ${last.path}`;
  const target = await askTarget(title(1), t("Method and path at {0}", url), before);
  if (target === null) return null;
  const connections = await input(
    title(2),
    t("Connections"),
    String(last.connections),
    wholeWithin(1, MOST_CONNECTIONS),
  );
  if (connections === undefined) return null;
  const seconds = await input(title(3), t("Seconds"), String(last.seconds), wholeWithin(1, MOST_SECONDS));
  if (seconds === undefined) return null;
  return { ...target, connections: Number(connections), seconds: Number(seconds) };
}
