// Runtime: bytes of the HTTP requests that a request's code makes itself. Bodies of answers are counted where they come
// (`bodyContext.ts`), what was sent when the answer's head is there; heads of answers are left out.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Faults } from "../../faults.ts";
import { requestContext } from "./requestContext.ts";

const ANSWERED = "http.client.response.finish";

interface Counting {
  readonly _bytesDispatched?: number;
}

/** @returns the undoing */
export function countClientBytes(faults: Faults, owner: string): () => void {
  const counted = new WeakMap<Counting, number>();
  const onAnswer = (message: unknown) => {
    try {
      const { socket } = (message as { request: { socket?: Counting | null } }).request;
      if (typeof socket !== "object" || socket === null) return;
      const { _bytesDispatched: sent = 0 } = socket;
      const since = sent - (counted.get(socket) ?? 0);
      counted.set(socket, sent);
      const request = requestContext.current();
      if (request !== null && since > 0) request.otherBytes += since;
    } catch (error) {
      faults.add(owner, error);
    }
  };
  subscribe(ANSWERED, onAnswer);
  return () => unsubscribe(ANSWERED, onAnswer);
}

/** A piece of an answer's body. */
export function answerCame(piece: unknown): void {
  if (typeof piece !== "object" || piece === null) return;
  const request = requestContext.current();
  if (request !== null) request.otherBytes += Number((piece as { length?: unknown }).length) || 0;
}
