// Collector, diagnosis: while nothing comes from the server, the reason is looked for after a while, for whoever shows it. The
// recording goes on: what is missing may still come.

import { t } from "../../model/l10n.ts";
import type { Session } from "../session.ts";
import type { Diagnosis } from "./diagnose.ts";
import { WhyNoData } from "./whyNoData.ts";
import { whyNoRequest } from "./whyNoRequest.ts";

export interface SilenceMillis {
  /** Without a hello for so long, the user is told why. */
  readonly hello: number;
  /** The same, when somebody has said hello and nobody listens. */
  readonly listen: number;
  /** Listening without a request for so long, what is known of why is said. */
  readonly request: number;
}

/** Whole sentences. */
export interface SilentProblem {
  readonly message: string;
  readonly remedy: string;
  /** What ran, a line a process. */
  readonly processes: readonly string[];
}

export interface SilentServer {
  readonly title: string;
  readonly command: readonly string[];
  /** Something else starts it, at any time: that it does not come is no problem, but may have a reason. */
  readonly external?: boolean;
}

export const SILENCE_MILLIS: SilenceMillis = { hello: 15_000, listen: 30_000, request: 20_000 };

export class Silence {
  #why: WhyNoData | null = null;
  #waiting: NodeJS.Timeout | undefined;
  #problem: SilentProblem | null = null;
  #hint: string | null = null;
  /** Of a reason that time alone may take away; it is said when it still holds at the next look. */
  #mayPass = "";
  #listened = false;
  #requested = false;
  #over = false;

  /** @param changed there is something to be said; the text is for the log */
  constructor(
    private readonly session: Session,
    private readonly server: SilentServer,
    private readonly changed: (text: string) => void,
    private readonly millis: SilenceMillis = SILENCE_MILLIS,
  ) {}

  get problem(): SilentProblem | null {
    return this.#problem;
  }

  /** What is known of why nothing comes, where that is no problem yet. */
  get hint(): string | null {
    return this.#hint;
  }

  get listened(): boolean {
    return this.#listened;
  }

  get requested(): boolean {
    return this.#requested;
  }

  /** @param root the command's process; null where the server's processes are known by the session alone */
  begin(root: number | null): void {
    this.#why = new WhyNoData(this.session, root);
    if (this.session.workers.length > 0) this.follow(false);
    else this.#wait(this.millis.hello, () => this.#sayWhyNothingComes());
  }

  /** After each of the session's events. @param requested whether it is a completed request */
  follow(requested: boolean): void {
    const { workers, listening } = this.session;
    this.#requested ||= requested;
    this.#listened ||= listening !== null;
    if (this.#over || (workers.length === 0 && !this.#requested)) return;
    this.#clear();
    // One that has answered is known to be measured: where it has gone, its own output says why.
    if (this.#requested) return;
    if (listening === null) this.#wait(this.millis.listen, () => this.#sayWhyNothingComes());
    else this.#wait(this.millis.request, () => this.#sayWhyNoRequest());
  }

  /** Before the session closes; null: nothing was begun. @param running whether the command itself still runs */
  async diagnose(running: boolean): Promise<Diagnosis | null> {
    return (await this.#why?.ask(running)) ?? null;
  }

  stop(): void {
    this.#over = true;
    this.#clear();
    this.#why?.stop();
  }

  #clear(): void {
    clearTimeout(this.#waiting);
    this.#problem = null;
    this.#hint = null;
  }

  #wait(millis: number, then: () => Promise<void>): void {
    clearTimeout(this.#waiting);
    if (!this.#over) this.#waiting = setTimeout(() => void then(), millis);
  }

  #isOver(asked: NodeJS.Timeout | undefined): boolean {
    return this.#over || this.#requested || this.#waiting !== asked;
  }

  async #sayWhyNothingComes(): Promise<void> {
    const asked = this.#waiting;
    const diagnosis = (await this.#why?.ask(true)) ?? null;
    // In the meantime somebody may have come, who is waited for anew.
    if (diagnosis === null || this.#isOver(asked) || this.session.listening !== null) return;
    if (this.server.external === true) {
      this.#hintAt(diagnosis);
      // It may be started at any time.
      this.#wait(this.millis.hello, () => this.#sayWhyNothingComes());
      return;
    }
    this.#problem = this.#problemOf(diagnosis);
    this.changed(logged(diagnosis));
  }

  #hintAt(diagnosis: Diagnosis): void {
    const { known, mayCome, ended, message, remedy } = diagnosis;
    const stays = !ended && (!mayCome || this.#mayPass === message);
    this.#mayPass = message;
    const hint = known && stays ? `${message} ${remedy}` : null;
    if (hint === this.#hint) return;
    this.#hint = hint;
    this.changed(hint === null ? "" : logged(diagnosis));
  }

  #problemOf({ message: cause, remedy, processes }: Diagnosis): SilentProblem {
    const { title, command } = this.server;
    const seconds = (millis: number) => millis / 1_000;
    const message =
      this.session.greeted.length === 0
        ? t(
            "No Node process of `{0}` has reported within {1} s.",
            command.join(" "),
            seconds(this.millis.hello),
          )
        : this.#listened
          ? t("{0} has listened, and does so no longer.", title)
          : t("{0} runs, but has not opened a TCP port within {1} s.", title, seconds(this.millis.listen));
    return { message: `${message} ${cause}`, remedy, processes };
  }

  async #sayWhyNoRequest(): Promise<void> {
    const asked = this.#waiting;
    const why = await whyNoRequest(this.session);
    if (why === null || this.#isOver(asked)) return;
    this.#hint = `${why.message} ${why.remedy ?? ""}`.trimEnd();
    this.changed(this.#hint);
  }
}

/** All that is known, for the log. */
export function logged({ message, remedy, processes }: Diagnosis): string {
  const ran = processes.length === 0 ? "" : `\nWhat ran:\n  ${processes.join("\n  ")}`;
  return `${message} ${remedy}${ran}`;
}
