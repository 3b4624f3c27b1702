// Recording: what the panel says when a server can't be started, ends early or shows nothing.

import { checkCommand } from "../collector/checkCommand.ts";
import type { Diagnosis } from "../collector/diagnosis/diagnose.ts";
import { UserError } from "../common/errors.ts";
import { log } from "../common/log.ts";
import { t } from "../model/l10n.ts";
import type { PanelAction, PanelState } from "../protocol/panel.ts";

export type Problem = NonNullable<PanelState["error"]>;

/** The collector knows what is missing; where it is named is this front's matter. @throws UserError */
export function checkStart(command: readonly string[], cwd: string, environment: NodeJS.ProcessEnv): void {
  try {
    checkCommand(command, cwd, environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const where = error.message.includes(cwd) ? "" : ` ${t("It is looked for in {0}.", cwd)}`;
    const remedy = `${t("Check how it is named in launch.json or package.json.")}${where}`;
    throw new UserError(error.message, remedy, { cause: error });
  }
}

export function endedEarly(
  title: string,
  code: number | null,
  listened: boolean,
  port: number | null,
  diagnosis: Diagnosis | null = null,
): Problem {
  const how = code === null ? "" : ` ${t("with code {0}", code)}`;
  const action: PanelAction = "profile";
  const seeItsWords: PanelAction = "showTerminal";
  if (listened) {
    return {
      message: t("{0} ended{1} before a request came, so nothing was measured.", title, how),
      remedy: t("What it printed in its terminal says why."),
      action: seeItsWords,
    };
  }
  if (code !== 0 && port !== null) {
    return {
      message: t(
        "{0} ended{1} before it listened, and port {2}, which it names, is in use.",
        title,
        how,
        port,
      ),
      remedy: t("End the program that uses it, or let the server listen elsewhere."),
      action,
    };
  }
  const message = t("{0} ended{1} before it listened.", title, how);
  const processes = diagnosis?.processes ?? [];
  // Of one that failed, its own words are the reason; one that went well was no server.
  if (code !== 0)
    return {
      message,
      remedy: t("What it printed in its terminal says why."),
      action: seeItsWords,
      processes,
    };
  return {
    message: diagnosis === null ? message : `${message} ${diagnosis.message}`,
    remedy: diagnosis?.remedy ?? t("Check that the command starts a server that goes on running."),
    action,
    processes,
  };
}

export function problemOf(error: unknown): Problem {
  if (error instanceof UserError) return { message: error.message, remedy: error.remedy, action: "profile" };
  log().error(error instanceof Error ? error : String(error));
  const action: PanelAction = "showLog";
  return { message: t("The recording could not be started."), remedy: t("The log has the details."), action };
}
