// Runtime: requests that wait in an `http.Agent` (or `https.Agent`) because all of its sockets are in use. The
// holder is the request that had the socket before.

import { Agent, ClientRequest } from "node:http";
import { types } from "node:util";
import { Patches } from "../../patch.ts";
import type { Operation } from "../../sampling/operations.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { type AnyFunction, Contention, type Entry, type Turn, type Wait } from "./contention.ts";

const NAME = "locks.http-agent";

interface AgentState {
  readonly maxSockets?: number;
  readonly maxTotalSockets?: number;
  readonly requests: Readonly<Record<string, readonly object[] | undefined>>;
}

export class HttpAgentProbe implements Probe {
  readonly name = NAME;
  private readonly patches = new Patches();
  private contention: Contention | null = null;
  private readonly waits = new WeakMap<object, Wait>();
  private waiting = 0;
  /** Stacks of the requests that were chosen. */
  private readonly known = new WeakMap<object, number>();
  /** The request whose socket is being given up, so that a new one is opened for the next. */
  private leaving: object | null = null;

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const contention = new Contention(NAME, context);
    this.contention = contention;
    const operation = contention.meter.operation("pool wait", "http.Agent");
    const agent = Agent.prototype as unknown as Record<"addRequest" | "removeSocket", AnyFunction>;
    this.patchAddRequest(contention, operation, agent);
    this.patchRemoveSocket(contention, agent);
    const request = ClientRequest.prototype as unknown as Record<"onSocket" | "destroy", AnyFunction>;
    this.patchOnSocket(contention, operation, request);
    this.patchDestroy(contention, operation, request);
  }

  collect(): void {
    this.contention?.endWindow();
  }

  stop(): void {
    if (this.contention !== null) this.contention.active = false;
    this.patches.restore();
  }

  private patchAddRequest(
    contention: Contention,
    operation: Operation,
    agent: Record<"addRequest", AnyFunction>,
  ): void {
    const probe = this;
    this.patches.replace(agent, ["addRequest"], (original) => {
      function addRequest(this: AgentState): unknown {
        const slots = contention.watching ? slotsOf(this) : Number.POSITIVE_INFINITY;
        if (slots === Number.POSITIVE_INFINITY) return Reflect.apply(original, this, arguments);
        const request = arguments[0] as object;
        let turn: Turn | null = null;
        try {
          turn = contention.begin(entry, this, slots);
        } catch (error) {
          contention.fault(error);
        }
        const start = contention.now();
        const result: unknown = Reflect.apply(original, this, arguments);
        try {
          if (turn !== null) probe.known.set(request, turn.stack);
          const queue = isGone(request) ? null : queueOf(this, request);
          if (queue !== null) {
            contention.tell(turn, queue.length, queue.host);
            probe.waits.set(request, contention.wait(turn, start));
            probe.waiting++;
          }
        } catch (error) {
          contention.fault(error);
        }
        return result;
      }
      const entry: Entry = { operation, above: addRequest };
      return addRequest;
    });
  }

  private patchOnSocket(
    contention: Contention,
    operation: Operation,
    request: Record<"onSocket", AnyFunction>,
  ): void {
    const probe = this;
    this.patches.replace(request, ["onSocket"], (original) => {
      return function onSocket(this: object): unknown {
        if (probe.waiting > 0) probe.ended(contention, operation, this, arguments[0]);
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  /** Who gives up stays in the agent's queue until a socket comes. */
  private patchDestroy(
    contention: Contention,
    operation: Operation,
    request: Record<"destroy", AnyFunction>,
  ): void {
    const probe = this;
    this.patches.replace(request, ["destroy"], (original) => {
      return function destroy(this: object): unknown {
        if (probe.waiting > 0) probe.ended(contention, operation, this, null);
        return Reflect.apply(original, this, arguments);
      };
    });
  }

  /** @param socket null: it gave up */
  private ended(contention: Contention, operation: Operation, request: object, socket: unknown): void {
    try {
      const wait = this.waits.get(request);
      if (wait === undefined) return;
      this.waits.delete(request);
      this.waiting--;
      if (!contention.active) return;
      contention.settle(operation, wait, socket === null ? 0 : this.holderOf(socket));
    } catch (error) {
      contention.fault(error);
    }
  }

  private patchRemoveSocket(contention: Contention, agent: Record<"removeSocket", AnyFunction>): void {
    const probe = this;
    this.patches.replace(agent, ["removeSocket"], (original) => {
      return function removeSocket(this: unknown): unknown {
        if (probe.waiting === 0 || !contention.active) return Reflect.apply(original, this, arguments);
        const outer = probe.leaving;
        probe.leaving = previousOn(arguments[0]);
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          probe.leaving = outer;
        }
      };
    });
  }

  private holderOf(socket: unknown): number {
    const previous = previousOn(socket) ?? this.leaving;
    return previous === null ? 0 : (this.known.get(previous) ?? 0);
  }
}

/** The request that a socket serves or served last. */
function previousOn(socket: unknown): object | null {
  const message = (socket as { _httpMessage?: unknown } | null | undefined)?._httpMessage;
  return typeof message === "object" ? message : null;
}

/** Infinity where nobody waits, and for what is no agent, about which nothing is asked. */
function slotsOf(agent: unknown): number {
  const most = Number.POSITIVE_INFINITY;
  if (typeof agent !== "object" || agent === null || types.isProxy(agent)) return most;
  try {
    const { maxSockets = most, maxTotalSockets = most } = agent as AgentState;
    return Math.min(maxSockets, maxTotalSockets);
  } catch {
    return most;
  }
}

/** Its signal was aborted before. */
function isGone(request: object): boolean {
  return (request as { readonly destroyed?: boolean }).destroyed === true;
}

/** The agent puts a request that waits behind the others of its host. */
function queueOf(agent: AgentState, request: object): { host: string; length: number } | null {
  for (const host in agent.requests) {
    const queue = agent.requests[host];
    if (queue?.at(-1) === request) return { host, length: queue.length };
  }
  return null;
}
