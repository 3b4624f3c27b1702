// Recording: the user's own Node, which runs the server and calibrates the machine.

import { askNode, type NodeBinary, nodeOnPath, OLDEST_NODE } from "../collector/findNode.ts";
import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";

/**
 * @param configured the setting darcy.nodePath, empty: the first `node` on the search path
 * @throws UserError when there is none, it does not answer, or it is too old
 */
export async function findNode(configured: string, environment: NodeJS.ProcessEnv): Promise<NodeBinary> {
  const path = configured.trim() || nodeOnPath(environment, process.cwd());
  if (path === null) {
    throw new UserError(
      t("Node.js was not found on the search path."),
      t("Install Node.js {0} or newer, or name it in the setting darcy.nodePath.", OLDEST_NODE),
    );
  }
  const remedy = t(
    "Name a Node.js {0} or newer in the setting darcy.nodePath, as /usr/local/bin/node.",
    OLDEST_NODE,
  );
  return askNode(path, environment, remedy);
}
