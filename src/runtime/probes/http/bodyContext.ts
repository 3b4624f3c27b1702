// Runtime: a request's body comes in its connection's context, not in the one that its head was handled in. So `push`, by
// which every piece of it and its end reach the request's stream, runs in the request's own.

import { disguise } from "../../patch.ts";
import { answerCame } from "./clientBytes.ts";
import type { RequestContext, RequestToken } from "./requestContext.ts";

/** A request's stream: Node's `IncomingMessage`, or a stream of an HTTP/2 connection. */
export interface Body {
  readonly socket?: unknown;
  /** Of the answer to a request of the server's own. */
  readonly req?: unknown;
  readonly _eventsCount?: number;
}

/** An own property that its class inherits otherwise; taken away again by the function that is returned. */
export function followBodies(
  context: RequestContext,
  prototype: object,
  tokenOf: (body: Body) => RequestToken | null,
): () => void {
  const target = prototype as { push?: unknown };
  if (Object.hasOwn(target, "push")) return () => {};
  const above = Object.getPrototypeOf(target) as { push: (...args: unknown[]) => unknown };
  let active = true;
  const { push } = {
    push(this: Body): unknown {
      // Looked up at each call, as without us: somebody may have replaced it.
      const original = above.push;
      // A body's end that nobody has asked for runs no code of anybody's: nearly all GETs.
      const silent = this._eventsCount === 0 && arguments[0] === null;
      const token = active && !silent ? tokenOf(this) : null;
      if (token !== null) return context.within(token, original, this, arguments);
      // It comes in its request's context.
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
