// Runtime: an inspector session of our own on this thread. In-process posts answer synchronously.

import type { Session } from "node:inspector";
import { createRequire } from "node:module";

export interface Answer {
  readonly error: Error | null;
  readonly result: unknown;
}

export class OwnInspector {
  private constructor(
    private readonly session: Session,
    // Taken before `InspectorWatch` stands before the one that users see.
    private readonly postOriginal: Session["post"],
  ) {}

  /** @throws where Node has no inspector or it can't be reached */
  static open(): OwnInspector {
    // Not an import: a Node that was built without the inspector throws on it.
    const inspector = createRequire(process.execPath)("node:inspector") as typeof import("node:inspector");
    const post = inspector.Session.prototype.post;
    const session = new inspector.Session();
    session.connect();
    return new OwnInspector(session, post);
  }

  post(method: string, params: object = {}): Answer {
    let answer: Answer = { error: new Error("No answer."), result: null };
    const callback = (error: Error | null, result: unknown) => {
      answer = { error, result };
    };
    Reflect.apply(this.postOriginal, this.session, [method, params, callback]);
    return answer;
  }

  /** `heard` is called later, on the loop, and must not throw. */
  listen(method: string, heard: (params: unknown) => void): void {
    this.session.on(method, ({ params }: { params: unknown }) => heard(params));
  }

  close(): void {
    this.session.disconnect();
  }
}
