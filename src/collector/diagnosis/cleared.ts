// Collector, diagnosis: a process without the variables that it needs to be measured: who has taken them away. Pure.

import { t } from "../../model/l10n.ts";
import { SESSION_VARIABLE } from "../../protocol/sessionFile.ts";
import type { Cause } from "./causes.ts";
import type { Witness } from "./evidence.ts";
import { ancestors, nameOf, quoted } from "./witnessWords.ts";

/** Turborepo, whose own program is no Node, gives tasks the variables that turbo.json names, NODE_OPTIONS and few others. */
const TURBO = /^(?:.*[\\/])?turbo(?:\.exe)?$/;

export function cleared(witness: Witness, all: readonly Witness[]): Cause {
  const before = ancestors(witness, all);
  if (before.some(({ words: [first = ""] }) => TURBO.test(first)))
    return {
      message: t(
        "turbo starts {0} without {1}: it passes on only the variables that turbo.json names.",
        quoted(witness),
        SESSION_VARIABLE,
      ),
      remedy: t(
        'Name it there: "globalPassThroughEnv": ["{0}"]. Or let all pass: turbo run … --env-mode=loose',
        SESSION_VARIABLE,
      ),
    };
  const by = before.find(({ program }) => program === "privilege");
  if (by === undefined)
    return {
      message: t(
        "{0} was started with an environment of its own, without {1}.",
        quoted(witness),
        t("NODE_OPTIONS and {0}", SESSION_VARIABLE),
      ),
      remedy: t("Whoever starts it (`env -i`, the `env` option of spawn, a service) has to pass both on."),
    };
  const name = nameOf(by);
  return {
    message: t(
      "{0} starts {1} with an environment of its own, without {2}.",
      name,
      quoted(witness),
      t("NODE_OPTIONS and {0}", SESSION_VARIABLE),
    ),
    remedy:
      name === "sudo"
        ? t(
            "Start Darcy itself with sudo, or let the two pass: sudo --preserve-env=NODE_OPTIONS,{0} …",
            SESSION_VARIABLE,
          )
        : t("Record the server as the user that it runs as."),
  };
}
