// Commands: the command line that a launch.json configuration stands for.

import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { findProgram, type NodeBinary } from "../../collector/findNode.ts";
import { UserError } from "../../common/errors.ts";
import { t } from "../../model/l10n.ts";
import type { NodeConfiguration } from "./launchConfiguration.ts";
import { substitute, type VariableValues } from "./launchVariables.ts";
import { nodeCommand } from "./nodeCommand.ts";
import type { Launch } from "./target.ts";

/**
 * @param fromFile the variables of its envFile, over which its own go
 * @throws UserError when a variable has no value, or its program can't be found
 */
export function launchOf(
  found: NodeConfiguration,
  node: NodeBinary,
  values: VariableValues,
  fromFile: Readonly<Record<string, string>> = {},
): Launch {
  const fill = (text: string) => substitute(text, values);
  const cwd = resolve(values.workspaceFolder, found.cwd === null ? "." : fill(found.cwd));
  const own = Object.entries(found.environment).map(
    ([name, value]) => [name, value === null ? null : fill(value)] as const,
  );
  const environment = { ...fromFile, ...Object.fromEntries(own) };
  // What starts `node` by its name is to find the one that was chosen.
  const withNode = () =>
    `${dirname(node.path)}${delimiter}${environment.PATH ?? values.environment.PATH ?? ""}`;
  const runtimeArgs = found.runtimeArgs.map(fill);
  const args = found.args.map(fill);
  const program = found.program === null ? null : resolve(cwd, fill(found.program));
  const runtime = found.runtimeExecutable === null ? "node" : fill(found.runtimeExecutable);
  if (found.command !== null) {
    const command = shellCommand(fill(found.command), process.platform);
    return { title: found.name, command, cwd, environment: { ...environment, PATH: withNode() } };
  }
  if (/^node(\.exe)?$/.test(runtime)) {
    const command =
      program === null
        ? [node.path, ...runtimeArgs, ...args]
        : nodeCommand(node, program, { before: runtimeArgs, after: args });
    return { title: found.name, command, cwd, environment };
  }
  const path = withNode();
  return {
    title: found.name,
    command: [
      findRuntime(runtime, cwd, { ...values.environment, PATH: path }),
      ...runtimeArgs,
      ...(program === null ? [] : [program]),
      ...args,
    ],
    cwd,
    environment: { ...environment, PATH: path },
  };
}

/** As a terminal would run it. */
export function shellCommand(line: string, platform: NodeJS.Platform): string[] {
  return platform === "win32" ? ["cmd.exe", "/d", "/s", "/c", line] : ["/bin/sh", "-c", line];
}

function findRuntime(runtime: string, cwd: string, environment: NodeJS.ProcessEnv): string {
  if (isAbsolute(runtime)) return runtime;
  if (/[\\/]/.test(runtime)) return resolve(cwd, runtime);
  const found =
    findProgram(runtime, environment, cwd) ?? findProgram(join("node_modules", ".bin", runtime), {}, cwd);
  if (found !== null) return found;
  throw new UserError(
    t("The launch configuration's runtimeExecutable, {0}, was not found.", runtime),
    t("Install it, or give its absolute path."),
  );
}
