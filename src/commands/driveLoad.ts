// Commands: Darcy: Drive Load…: asks where to and how much, and sends requests to the recorded server.

import * as vscode from "vscode";
import { UserError } from "../common/errors.ts";
import { formatCount } from "../model/format.ts";
import { type LoadRequest, MOST_CONNECTIONS, MOST_SECONDS, toLoadRequest } from "../recording/loadRequest.ts";
import type { Services } from "../services.ts";
import { askTarget, input, wholeWithin } from "./loadQuestions.ts";

const LAST_KEY = "darcy.lastLoad";
const FIRST: LoadRequest = { method: "GET", path: "/", connections: 20, seconds: 30 };

/** @param wanted from a key binding or another extension: parts of the request, instead of the questions */
export async function driveLoad(services: Services, wanted?: unknown): Promise<void> {
  const { recorder, context } = services;
  if (recorder.recording?.url == null || !recorder.recording.active) {
    throw new UserError("No recorded server is listening.", "Start one with Darcy: Profile Node Server…");
  }
  const last = { ...FIRST, ...context.workspaceState.get<Partial<LoadRequest>>(LAST_KEY) };
  const given = typeof wanted === "object" && wanted !== null ? toLoadRequest({ ...last, ...wanted }) : null;
  const request = given ?? (await ask(last, recorder.recording.url));
  if (request === null) return;
  await context.workspaceState.update(LAST_KEY, request);
  await sendLoad(services, request);
}

export async function sendLoad({ recorder }: Services, request: LoadRequest): Promise<void> {
  const result = await recorder.driveLoad(request);
  if (result === null) return;
  const answers = `${request.method} ${request.path}: ${formatCount(result.answered)} answers`;
  if (result.answered === 0) {
    throw new UserError(
      `${answers}, ${formatCount(result.errors + result.timeouts)} errors.`,
      "Check that the path is right and that the server speaks HTTP.",
    );
  }
  if (result.non2xx > result.answered / 2) {
    void vscode.window.showWarningMessage(
      `${answers}, ${formatCount(result.non2xx)} of them not 2xx. The figures are about those; check the path.`,
    );
  }
}

async function ask(last: LoadRequest, url: string): Promise<LoadRequest | null> {
  const title = (step: number) => `Drive Load (${step} of 3)`;
  const before = last.method === "GET" ? last.path : `${last.method} ${last.path}`;
  const target = await askTarget(title(1), `Method and path at ${url}`, before);
  if (target === null) return null;
  const connections = await input(
    title(2),
    "Connections",
    String(last.connections),
    wholeWithin(1, MOST_CONNECTIONS),
  );
  if (connections === undefined) return null;
  const seconds = await input(title(3), "Seconds", String(last.seconds), wholeWithin(1, MOST_SECONDS));
  if (seconds === undefined) return null;
  return { ...target, connections: Number(connections), seconds: Number(seconds) };
}
