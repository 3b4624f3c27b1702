// Runtime: text that `http` queues because its message has no socket yet (each request to another server, pipelined
// answers). It is encoded when the socket comes, where no user code stands on the stack: so it counts when it is queued.

import { OutgoingMessage } from "node:http";
import { Socket } from "node:net";
import { types } from "node:util";
import { RestingPatches } from "../../restingPatches.ts";
import type { Probe, ProbeContext } from "../probe.ts";
import { copyTraces } from "./copyTrace.ts";
import { copiesGate } from "./gate.ts";
import { textBytes } from "./textBytes.ts";

interface Piece {
  readonly data: unknown;
  readonly encoding: unknown;
}
/** Node's own names. */
interface Message {
  readonly outputData: readonly Piece[];
}
type Functions = Record<"_writeRaw" | "_flushOutput", unknown>;

export class QueuedWritesProbe implements Probe {
  readonly name = "copies.queued";
  private readonly patches = new RestingPatches();
  private active = true;
  private readonly counted = new WeakSet<object>();

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const prototype = OutgoingMessage.prototype as unknown as Functions;
    this.patchWrite(context, prototype);
    this.patchFlush(prototype);
  }

  rest(): void {
    this.active = false;
  }

  resume(): void {
    this.active = true;
  }

  stop(): void {
    this.active = false;
    this.patches.restore();
  }

  private patchWrite({ meter, faults }: ProbeContext, prototype: Functions): void {
    const operation = meter.operation("encode", "OutgoingMessage.write");
    const probe = this;
    this.patches.replace(prototype, ["_writeRaw"], (original) => {
      return function writeRaw(this: Message): unknown {
        const result: unknown = Reflect.apply(original, this, arguments);
        if (!probe.active || copiesGate.depth > 0) return result;
        try {
          const queue = queueOf(this);
          if (queue === null || queue.length === 0) return result;
          // The piece itself stands last; its head, which Node may put before all, first.
          for (const piece of queue.length > 1 ? [queue[0], queue.at(-1)] : queue) {
            const bytes =
              piece === undefined || probe.counted.has(piece) ? 0 : textBytes(piece.data, piece.encoding);
            if (piece === undefined || bytes === 0) continue;
            probe.counted.add(piece);
            meter.record(operation, bytes, writeRaw);
            if (copyTraces.active > 0)
              copyTraces.copied(meter, operation, bytes, writeRaw, "returned", this, [piece.data], result);
          }
        } catch (error) {
          faults.add(probe.name, error);
        }
        return result;
      };
    });
  }

  /** What has been counted is not counted again as the socket's. */
  private patchFlush(prototype: Functions): void {
    const isCounted = (piece: Piece | null) =>
      typeof piece?.data !== "string" || piece.data === "" || this.counted.has(piece);
    this.patches.replace(prototype, ["_flushOutput"], (original) => {
      return function flushOutput(this: Message, socket: unknown): unknown {
        const all =
          !types.isProxy(socket) && socket instanceof Socket && queueOf(this)?.every(isCounted) === true;
        if (!all) return Reflect.apply(original, this, arguments);
        copiesGate.depth++;
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          copiesGate.depth--;
        }
      };
    });
  }
}

/** Null: it is no message of Node's, which nothing is asked of. */
function queueOf(message: unknown): readonly Piece[] | null {
  if (typeof message !== "object" || message === null || types.isProxy(message)) return null;
  const { outputData } = message as Partial<Message>;
  return Array.isArray(outputData) && !types.isProxy(outputData) ? outputData : null;
}
