// Collector: the words by which a server that something else starts gets the session's two variables. Pure.

import { SESSION_VARIABLE } from "../protocol/sessionFile.ts";

export interface ExternalServer {
  /** Darcy's part of NODE_OPTIONS. */
  readonly options: string;
  /** The value of DARCY_SESSION. */
  readonly session: string;
  /** A container needs them at the same paths. */
  readonly folders: readonly string[];
}

export function externalServer(environment: NodeJS.ProcessEnv, folders: readonly string[]): ExternalServer {
  return { options: environment.NODE_OPTIONS ?? "", session: environment[SESSION_VARIABLE] ?? "", folders };
}

/** For a file that docker's --env-file or a process manager reads: nothing is quoted there. */
export function environmentFile({ options, session }: ExternalServer): string {
  return `NODE_OPTIONS=${options}\n${SESSION_VARIABLE}=${session}\n`;
}

/** For a POSIX shell; what NODE_OPTIONS hold there stays. */
export function exportLines({ options, session }: ExternalServer): string {
  return [
    `export ${SESSION_VARIABLE}=${shellWord(session)}`,
    `export NODE_OPTIONS="\${NODE_OPTIONS:+$NODE_OPTIONS }"${shellWord(options)}`,
    "",
  ].join("\n");
}

/** Options of `docker run`. */
export function dockerOptions({ options, session, folders }: ExternalServer): string {
  const mounts = folders.map((path) => `-v ${shellWord(`${path}:${path}`)}`);
  const variables = [`-e NODE_OPTIONS=${shellWord(options)}`, `-e ${SESSION_VARIABLE}=${shellWord(session)}`];
  return [...mounts, ...variables].join(" ");
}

/** A drop-in for `systemctl edit`. It takes the place of NODE_OPTIONS that the unit has. */
export function systemdLines({ options, session }: ExternalServer): string {
  const line = (name: string, value: string) => `Environment="${name}=${systemdText(value)}"`;
  return ["[Service]", line(SESSION_VARIABLE, session), line("NODE_OPTIONS", options), ""].join("\n");
}

/** Within double quotes: a backslash escapes, a percent sign begins a specifier. */
function systemdText(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%");
}

export function shellWord(text: string): string {
  return /^[\w:/.=@%+,-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
