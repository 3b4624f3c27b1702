// Runtime: a request's body comes in its connection's context, not in the one that its head was handled in. So `push`, by
// which every piece of it and its end reach the request's stream, runs in the request's own.

import { IncomingMessage } from "node:http";
import { disguise } from "../../patch.ts";
import { InFlight } from "./inFlight.ts";
import type { RequestContext } from "./requestContext.ts";

/** An own property that its class inherits otherwise; taken away again by the function that is returned. */
export function followBodies(context: RequestContext): () => void {
  const target = IncomingMessage.prototype as unknown as { push?: unknown };
  if (Object.hasOwn(target, "push")) return () => {};
  const above = Object.getPrototypeOf(target) as { push: (...args: unknown[]) => unknown };
  let active = true;
  const { push } = {
    push(this: { readonly socket?: unknown }): unknown {
      // Looked up at each call, as without us: somebody may have replaced it.
      const original = above.push;
      const token = active ? InFlight.reading(this.socket) : null;
      return token === null
        ? (Reflect.apply(original, this, arguments) as unknown)
        : context.within(token, original, this, arguments);
    },
  };
  const value = disguise(push, above.push);
  Object.defineProperty(target, "push", { value, writable: true, enumerable: true, configurable: true });
  return () => {
    active = false;
    if (Object.getOwnPropertyDescriptor(target, "push")?.value === value) delete target.push;
  };
}
