// Commands: every command with its file, complete by its type.

import { COMMANDS, type CommandId, LINK_COMMANDS } from "../contributions.ts";
import type { Services } from "../services.ts";
import { compareTopologies } from "./compareTopologies.ts";
import { compareSessions, compareWithBaseline } from "./comparisons.ts";
import { copyCommandLine } from "./copyCommandLine.ts";
import { copyEnvironment } from "./copyEnvironment.ts";
import { driveLoad } from "./driveLoad.ts";
import { exportSession } from "./exports.ts";
import { explain, showInPanel, suppressHere } from "./lineLinks.ts";
import { openLocation } from "./openLocation.ts";
import { openPanel } from "./openPanel.ts";
import { profile } from "./profile.ts";
import { recordSingle } from "./recordSingle.ts";
import { saveAndOffer } from "./saveRecording.ts";
import { deleteSession, openSession, renameSession, setBaseline } from "./sessions.ts";
import { shown } from "./showError.ts";

export type CommandBodies = Readonly<Record<CommandId, (...words: unknown[]) => Promise<void>>>;

/** Each shows its errors itself. */
export function commandBodies(services: Services): CommandBodies {
  const { recorder, annotations, sessions } = services;
  const bodies: Record<CommandId, (...words: unknown[]) => Promise<void> | void> = {
    [COMMANDS.profile]: (wanted) => profile(services, wanted),
    [COMMANDS.stop]: () => recorder.stop(),
    [COMMANDS.openPanel]: () => openPanel(services),
    [COMMANDS.driveLoad]: (wanted) => driveLoad(services, wanted),
    [COMMANDS.stopLoad]: () => recorder.stopLoad(),
    [COMMANDS.copyEnvironment]: (wanted) => copyEnvironment(services, wanted),
    [COMMANDS.copyCommandLine]: (wanted) => copyCommandLine(services, wanted),
    [COMMANDS.compareTopologies]: (wanted) => compareTopologies(services, wanted),
    [COMMANDS.recordSingle]: () => recordSingle(services),
    [COMMANDS.toggleAnnotations]: () => annotations.toggle(),
    [COMMANDS.clearAnnotations]: () => annotations.clear(),
    [COMMANDS.openSession]: (node) => openSession(services, node),
    [COMMANDS.compareSessions]: (node, nodes) => compareSessions(services, node, nodes),
    [COMMANDS.compareWithBaseline]: (node) => compareWithBaseline(services, node),
    [COMMANDS.setBaseline]: (node) => setBaseline(services, node),
    [COMMANDS.clearBaseline]: () => sessions.setBaseline(null),
    [COMMANDS.exportSession]: (node) => exportSession(services, node),
    [COMMANDS.renameSession]: (node) => renameSession(services, node),
    [COMMANDS.deleteSession]: (node, nodes) => deleteSession(services, node, nodes),
    [COMMANDS.refreshSessions]: () => sessions.refresh(),
    [COMMANDS.saveRecording]: (node) => saveAndOffer(services, node),
    [LINK_COMMANDS.openLocation]: openLocation,
    [LINK_COMMANDS.showInPanel]: (line) => showInPanel(services, line),
    [LINK_COMMANDS.explain]: (line) => explain(services, line),
    [LINK_COMMANDS.suppressHere]: (line) => suppressHere(services, line),
  };
  return Object.fromEntries(
    Object.entries(bodies).map(([id, body]) => [id, shown(body)]),
  ) as unknown as CommandBodies;
}
