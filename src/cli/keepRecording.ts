// Command line: a recording's way to its file, which may have become impossible while it ran: it is kept elsewhere then.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { writeProfile } from "../collector/profileFile.ts";
import { UserError } from "../common/errors.ts";
import type { Profile } from "../model/profile.ts";
import { frontOf } from "../recording/front.ts";

/** @param resolved with its sources. @throws UserError when it does not stand in `out`: why, and where it stands instead */
export async function keepRecording(out: string, resolved: Profile): Promise<void> {
  try {
    await write(out, resolved);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const kept = await elsewhere(basename(out), resolved);
    if (kept === null) throw error;
    throw new UserError(
      `${error.message} The recording was saved as ${kept} instead.`,
      "Move it from there.",
      {
        cause: error,
      },
    );
  }
}

function write(file: string, resolved: Profile): Promise<void> {
  return writeProfile(file, resolved, (packed) => frontOf(resolved, packed));
}

/** In a folder of its own among the temporary ones; null where there is no place either. */
async function elsewhere(name: string, resolved: Profile): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "darcy-saved-")).catch(() => null);
  if (folder === null) return null;
  const file = join(folder, name);
  try {
    await write(file, resolved);
    return file;
  } catch {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return null;
  }
}
