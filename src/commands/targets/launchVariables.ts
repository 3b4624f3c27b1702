// Commands: the variables of launch.json, as ${workspaceFolder}. Pure.

import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";

export interface VariableValues {
  readonly workspaceFolder: string;
  /** By name, for ${workspaceFolder:name}. */
  readonly folders: Readonly<Record<string, string>>;
  /** The active editor's file, null when there is none. */
  readonly file: string | null;
  readonly home: string;
  readonly separator: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly config: (key: string) => unknown;
}

/** @throws UserError for a variable that needs a question, a command or a file that is not open */
export function substitute(text: string, values: VariableValues): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const value = valueFor(name, values);
    if (value !== null) return value;
    if (/^(?:input|command):/.test(name))
      throw new UserError(
        t(
          "The launch configuration uses {0}, which Darcy does not support: only VS Code's debugger can ask for it.",
          whole,
        ),
        t("Put the value in its place, or pick another configuration."),
      );
    throw new UserError(
      t("The launch configuration uses {0}, which Darcy has no value for.", whole),
      name.startsWith("file") || name.startsWith("relativeFile")
        ? t("Open the file that it is about and start again.")
        : t("Put the value in its place, or pick another configuration."),
    );
  });
}

function valueFor(name: string, values: VariableValues): string | null {
  const [kind, argument] = split(name);
  switch (kind) {
    case "workspaceFolder":
    case "workspaceRoot":
      return argument === null ? values.workspaceFolder : (values.folders[argument] ?? null);
    case "cwd":
      return values.workspaceFolder;
    case "workspaceFolderBasename":
      return last(values.workspaceFolder, values.separator);
    case "userHome":
      return values.home;
    case "pathSeparator":
    case "/":
      return values.separator;
    case "env":
      return values.environment[argument ?? ""] ?? "";
    case "config": {
      const value = values.config(argument ?? "");
      return ["string", "number", "boolean"].includes(typeof value) ? String(value) : null;
    }
    default:
      return values.file === null ? null : ofFile(name, values.file, values);
  }
}

function ofFile(name: string, file: string, { separator, workspaceFolder }: VariableValues): string | null {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf(separator)));
  const base = last(file, separator);
  const dot = base.lastIndexOf(".");
  const relative = (path: string) =>
    path.startsWith(workspaceFolder + separator) ? path.slice(workspaceFolder.length + 1) : path;
  switch (name) {
    case "file":
      return file;
    case "fileDirname":
      return folder;
    case "fileDirnameBasename":
      return last(folder, separator);
    case "fileWorkspaceFolder":
      return file.startsWith(workspaceFolder + separator) ? workspaceFolder : null;
    case "fileBasename":
      return base;
    case "fileBasenameNoExtension":
      return dot > 0 ? base.slice(0, dot) : base;
    case "fileExtname":
      return dot > 0 ? base.slice(dot) : "";
    case "relativeFile":
      return relative(file);
    case "relativeFileDirname":
      return folder === workspaceFolder ? "." : relative(folder);
    default:
      return null;
  }
}

function last(path: string, separator: string): string {
  return path.slice(path.lastIndexOf(separator) + 1);
}

function split(name: string): [kind: string, argument: string | null] {
  const colon = name.indexOf(":");
  return colon < 0 ? [name, null] : [name.slice(0, colon), name.slice(colon + 1)];
}
