// Runtime: a request's body comes in its connection's context, not in the one that its head was handled in. So `push`, by
// which every piece of it and its end reach the request's stream, runs in the request's own.

import { IncomingMessage } from "node:http";
import { disguise } from "../../patch.ts";
import { answerCame } from "./clientBytes.ts";
import { InFlight } from "./inFlight.ts";
import type { RequestContext } from "./requestContext.ts";

interface Message {
  readonly socket?: unknown;
  readonly req?: unknown;
  readonly _eventsCount?: number;
}

/** An own property that its class inherits otherwise; taken away again by the function that is returned. */
export function followBodies(context: RequestContext): () => void {
  const target = IncomingMessage.prototype as unknown as { push?: unknown };
  if (Object.hasOwn(target, "push")) return () => {};
  const above = Object.getPrototypeOf(target) as { push: (...args: unknown[]) => unknown };
  let active = true;
  const { push } = {
    push(this: Message): unknown {
      // Looked up at each call, as without us: somebody may have replaced it.
      const original = above.push;
      // A body's end that nobody has asked for runs no code of anybody's: nearly all GETs.
      const silent = this._eventsCount === 0 && arguments[0] === null;
      const token = active && !silent ? InFlight.reading(this.socket) : null;
      if (token !== null) return context.within(token, original, this, arguments);
      // Answers to requests of the server's own have theirs on them, and come in its context.
      if (active && this.req !== undefined) answerCame(arguments[0]);
      return Reflect.apply(original, this, arguments) as unknown;
    },
  };
  const value = disguise(push, above.push);
  Object.defineProperty(target, "push", { value, writable: true, enumerable: true, configurable: true });
  return () => {
    active = false;
    if (Object.getOwnPropertyDescriptor(target, "push")?.value === value) delete target.push;
  };
}
