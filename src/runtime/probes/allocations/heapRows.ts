// Runtime: turns the profile of one window (or of a while of full-time sampling) into the meter's rows: one a stack and object size. What our own code allocated is told apart.

import { sizesOf, type ToldSamples } from "../../../protocol/objectSizes.ts";
import { type HeapKeptRow, type HeapSizeRow, MAX_HEAP_SIZE_ROWS } from "../../../protocol/window.ts";
import type { Meter } from "../../sampling/meter.ts";
import type { Operation } from "../../sampling/operations.ts";
import type { StackTable } from "../../sampling/stackTable.ts";
import type { ProfileNode, SamplingProfile } from "./heapSampler.ts";

/** Sizes of one stack that get a row of their own; the rest share one. */
const SIZES_PER_STACK = 4;
/** The script that this runs in: the preload's bundle. */
const OWN_URL = typeof __filename === "string" ? __filename : "";
/**
 * Names of the stand-ins for built-ins (`measuredCall.ts`, `cloneCopies.ts`, `poolHandoffs.ts`). What a built-in
 * allocates, as the objects of `JSON.parse`, has no frame of its own: V8 charges it to the stand-in, and we to its caller.
 */
const STAND_INS: ReadonlySet<string> = new Set(["plain", "nesting", "timing", "measured", "write"]);

/** By told size and built-in: samples. */
type Told = Map<string, ToldAs>;
interface ToldAs {
  readonly size: number;
  readonly builtIn: string;
  samples: number;
}

export class HeapRows {
  serverBytes = 0;
  ownBytes = 0;
  private readonly byStack = new Map<number, Told>();
  /** Names of V8's own functions by the node that stands for one. */
  private readonly builtIns = new Map<number, string>();

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
      const told: Told = this.byStack.get(stack) ?? new Map();
      this.byStack.set(stack, told);
      const builtIn = this.builtIns.get(nodeId) ?? "";
      const key = `${size} ${builtIn}`;
      const known = told.get(key);
      if (known === undefined) told.set(key, { size, builtIn, samples: 1 });
      else known.samples++;
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
    const told = [...(this.byStack.get(stack)?.values() ?? [])];
    return told.map(({ size, samples }) => [this.intervalBytes, size, samples]);
  }

  /** Samples and bytes by stack, as many as there is room for. */
  kept(): HeapKeptRow[] {
    return [...this.byStack].slice(0, MAX_HEAP_SIZE_ROWS).map(([stack, told]) => {
      let [samples, bytes] = [0, 0];
      for (const row of told.values()) {
        samples += row.samples;
        bytes += row.samples * row.size;
      }
      return [stack, samples, bytes];
    });
  }

  /** As V8 told them, for the collector, which knows the functions' text; as many as `rows` has room for. */
  sizes(rows: HeapSizeRow[]): void {
    for (const [stack, told] of this.byStack) {
      for (const { size, builtIn, samples } of told.values()) {
        if (rows.length >= MAX_HEAP_SIZE_ROWS) return;
        rows.push([stack, this.intervalBytes, size, samples, builtIn]);
      }
    }
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
      const none = url === "" && Number(scriptId) === 0;
      if (!none && !ours) {
        const frame = this.stacks.frame(url, functionName, lineNumber + 1, columnNumber + 1);
        if (frame !== 0) stack = this.stacks.push(stack, frame);
      }
      if (none && /^\w{1,64}$/.test(functionName)) this.builtIns.set(node.id, functionName);
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
