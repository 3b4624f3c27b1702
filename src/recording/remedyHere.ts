// Recording: what to do where a recording can't be read, for who has no command line before him: the collector's remedies are its.

import { NAME_ANOTHER, RECORD_AGAIN } from "../collector/profileFile.ts";
import type { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";

export function remedyHere({ remedy }: UserError): string {
  if (remedy === RECORD_AGAIN) return t("Record it again, and save that.");
  return remedy === NAME_ANOTHER ? t("Open a file that Save in the panel wrote, or record anew.") : remedy;
}
