// Collector, diagnosis: what can be told of a server that listens and has completed no request.

import { t } from "../../model/l10n.ts";
import type { Session } from "../session.ts";
import { openConnections } from "./listeningPorts.ts";

/** Whole sentences. */
export interface NoRequest {
  readonly message: string;
  /** Null: what anybody would do. */
  readonly remedy: string | null;
}

/** Null: nothing is known. */
export async function whyNoRequest(
  session: Pick<Session, "listening" | "measuring">,
): Promise<NoRequest | null> {
  const port = session.listening?.port ?? null;
  if (port === null) return null;
  const open = await openConnections(port).catch(() => null);
  if (open === 1)
    return ofConnections(
      t(
        "1 connection is open at port {0}, and no request over it was completed: it is still being answered, or nothing was asked yet.",
        `${port}`,
      ),
    );
  if (open !== null && open > 0)
    return ofConnections(
      t(
        "{0} connections are open at port {1}, and no request over them was completed: they are still being answered, or nothing was asked yet.",
        open,
        `${port}`,
      ),
    );
  const { requestsEver, connectionsEver } = session.measuring;
  // Of those that came before, it is not known which had the requests.
  if (requestsEver === 0 && connectionsEver > 0)
    return ofConnections(
      connectionsEver === 1
        ? t(
            "1 connection came, and no request over it was completed: nothing was asked, or its client left without an answer.",
          )
        : t(
            "{0} connections came, and no request over them was completed: nothing was asked, or their clients left without an answer.",
            connectionsEver,
          ),
    );
  if (open === null) return null;
  return {
    message: t("No connection is open at port {0}: requests go elsewhere, or nobody sends any.", `${port}`),
    remedy: null,
  };
}

function ofConnections(message: string): NoRequest {
  return {
    message,
    remedy: t(
      "Costs are told for each answered HTTP request (HTTP/2 from Node 22 on), each message that a WebSocket's client sends, and each read of another protocol: have a client ask for something.",
    ),
  };
}
