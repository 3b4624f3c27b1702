// Command line: a notice, as soon as it has come.

import type { ProfileNotice } from "../model/profile.ts";
import { resolveNotice } from "../sources/resolve.ts";

/**
 * At once where it names no line.
 * @param cwd the folder that the server was started in
 */
export function tellNotice(notice: ProfileNotice, cwd: string, say: (text: string) => void): void {
  const tell = ({ severity, text }: ProfileNotice) =>
    say(severity === "info" ? text : `${severity}: ${text}`);
  if (notice.place === undefined) tell(notice);
  else void resolveNotice(notice, cwd).then(tell, () => tell(notice));
}
