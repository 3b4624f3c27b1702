// Commands: Darcy: Record Again with One Worker: for a server that several workers change, as one with sessions in memory.

import { UserError } from "../common/errors.ts";
import { t } from "../model/l10n.ts";
import type { Services } from "../services.ts";
import { mayReplace, maySpawn } from "./consent.ts";

export async function recordSingle(services: Services): Promise<void> {
  const { recorder, annotations, panel } = services;
  if (!(await maySpawn())) return;
  const { recording } = recorder;
  if (recording === null || recording.options.external === true)
    throw new UserError(
      t("There is no recording that Darcy can start again."),
      t("Start one with Darcy: Profile Node Server…"),
    );
  const measured = (recorder.state().report?.requests.total ?? 0) > 0;
  if (measured && !(await mayReplace(services, t("record it again with one worker")))) return;
  annotations.begin();
  panel.show();
  await recorder.start({ ...recording.options, workers: 1, topology: "single" });
}
