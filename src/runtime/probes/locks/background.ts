// Runtime: on whose behalf somebody waits. What nobody's answer hangs on (a handler's mail that it does not await, a timer's
// job) keeps no request waiting: its waits are counted apart, and are no contention.

import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import { type RequestToken, requestContext } from "../http/requestContext.ts";

/** The request that waits; null: none does; undefined: that can't be known. */
export type Waiter = RequestToken | null | undefined;

/** Of the running code. A thread that has had no request so far works for something else; one that gets messages may for them. */
export function waiter(): Waiter {
  const { always, begun, messages } = requestContext;
  if (!always || begun === 0) return undefined;
  return requestContext.current() ?? (messages > 0 ? undefined : null);
}

/**
 * To be asked when the wait is over: the response may have been finished meanwhile.
 * @param gaveUp it may have been over before: what was finished since tells nothing
 */
export function isBackground(one: Waiter, gaveUp = false): boolean {
  return one === null || (!gaveUp && one?.finished === true);
}

/** Operations as they are called for background work, made when the first of it waits. */
export class BackgroundOperations {
  private readonly twins: (Operation | undefined)[] = [];

  constructor(private readonly meter: Meter) {}

  /** @throws RangeError past 512 operations. */
  of(operation: Operation): Operation {
    const known = this.twins[operation.id];
    if (known !== undefined) return known;
    const twin = this.meter.twin(operation, "background");
    this.twins[operation.id] = twin;
    return twin;
  }
}
