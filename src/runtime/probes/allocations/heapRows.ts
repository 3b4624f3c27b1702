// Runtime: turns the profile of one window (or of a while of full-time sampling) into the meter's rows: one a stack and object size. What our own code allocated is told apart.

import type { Meter, Operation } from "../../sampling/meter.ts";
import type { StackTable } from "../../sampling/stackTable.ts";
import type { ProfileNode, SamplingProfile } from "./heapSampler.ts";
import { sizesOf, type ToldSamples } from "./objectSizes.ts";

/** Sizes of one stack that get a row of their own; the rest share one. */
const SIZES_PER_STACK = 4;
/** The script that this runs in: the preload's bundle. */
const OWN_URL = typeof __filename === "string" ? __filename : "";
/**
 * Names of the stand-ins for built-ins (`measuredCall.ts`, `cloneCopies.ts`, `poolHandoffs.ts`). What a built-in
 * allocates, as the objects of `JSON.parse`, has no frame of its own: V8 charges it to the stand-in, and we to its caller.
 */
const STAND_INS: ReadonlySet<string> = new Set(["plain", "nesting", "timing", "measured", "write"]);

/** By told size: samples. */
type Told = Map<number, number>;

export class HeapRows {
  serverBytes = 0;
  ownBytes = 0;
  private readonly byStack = new Map<number, Told>();

  constructor(
    private readonly stacks: StackTable,
    profile: SamplingProfile,
    private readonly intervalBytes: number,
  ) {
    const stackOf = this.placeNodes(profile.head);
    for (const { size, nodeId } of profile.samples) {
      const stack = stackOf.get(nodeId);
      if (stack === undefined) {
        this.ownBytes += size;
        continue;
      }
      this.serverBytes += size;
      const told = this.byStack.get(stack) ?? new Map<number, number>();
      this.byStack.set(stack, told);
      told.set(size, (told.get(size) ?? 0) + 1);
    }
  }

  /**
   * Reads the objects' sizes and adds the rows to the meter; returns how many objects were allocated.
   * `before` is the profile before this one, of another interval: it helps to tell sizes.
   */
  addTo(meter: Meter, operation: Operation, before: HeapRows | null): number {
    let objects = 0;
    for (const stack of this.byStack.keys()) {
      const rest = { samples: 0, count: 0, amount: 0 };
      sizesOf(this.toldAt(stack), before?.toldAt(stack)).forEach(
        ({ bytes, samples, count, amount }, rank) => {
          objects += count;
          if (rank < SIZES_PER_STACK) {
            meter.addSample(operation, bytes, stack, samples, count, amount);
            return;
          }
          rest.samples += samples;
          rest.count += count;
          rest.amount += amount;
        },
      );
      if (rest.samples === 0) continue;
      meter.addSample(operation, rest.amount / rest.count, stack, rest.samples, rest.count, rest.amount);
    }
    return objects;
  }

  private toldAt(stack: number): ToldSamples {
    return [...(this.byStack.get(stack) ?? [])].map(([size, samples]) => [this.intervalBytes, size, samples]);
  }

  /** The stack of each node by its id; nodes whose allocations are our own are left out. */
  private placeNodes(head: ProfileNode): Map<number, number> {
    const stackOf = new Map<number, number>();
    const open: { node: ProfileNode; stack: number; origin: Origin }[] = [
      { node: head, stack: 0, origin: "nobody" },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node } = next;
      let { stack, origin } = next;
      const { url, functionName, scriptId, lineNumber, columnNumber } = node.callFrame;
      const ours = OWN_URL !== "" && url === OWN_URL;
      // "(root)", "(V8 API)" and the like stand for no code: theirs is their caller's.
      if (!(url === "" && scriptId === "0") && !ours) {
        const frame = this.stacks.frame(url, functionName, lineNumber + 1, columnNumber + 1);
        if (frame !== 0) stack = this.stacks.push(stack, frame);
      }
      const standIn = ours && STAND_INS.has(functionName);
      if (ours) origin = origin === "nobody" && !standIn ? "ours" : origin;
      else if (url !== "" && !url.startsWith("node:")) origin = "server";
      if (origin !== "ours" && (!ours || standIn)) stackOf.set(node.id, stack);
      for (const child of node.children) open.push({ node: child, stack, origin });
    }
    return stackOf;
  }
}

/** Ours: called by Node alone, and none of the server's code beneath. */
type Origin = "nobody" | "server" | "ours";
