// Command line: says what is known of why nothing comes from the server, while it may still come.

import { SILENCE_MILLIS, Silence, type SilentServer } from "../collector/diagnosis/silence.ts";
import type { Session } from "../collector/session.ts";

/** Each reason once. Its waiting begins with `begin` or `follow`. */
export function tellSilence(
  session: Session,
  say: (text: string) => void,
  server: SilentServer,
  millis = SILENCE_MILLIS,
): Silence {
  let told: string | null = null;
  const tell = () => {
    if (silence.hint === null || silence.hint === told) return;
    told = silence.hint;
    say(told);
  };
  const silence = new Silence(session, server, tell, millis);
  session.on("workers", () => silence.follow(false));
  session.on("request", () => silence.follow(true));
  return silence;
}
