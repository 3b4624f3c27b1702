// Runtime: gathers the profiles of one inlining-correct window (or of a while of full-time sampling) and turns
// them into the meter's rows: one a stack and object size. What our own code allocated is told apart.

import type { Meter, Operation } from "../../sampling/meter.ts";
import type { StackTable } from "../../sampling/stackTable.ts";
import type { ProfileNode, SamplingProfile } from "./heapSampler.ts";
import { sizesOf } from "./objectSizes.ts";

/** Sizes of one stack that get a row of their own; the rest share one. */
const SIZES_PER_STACK = 4;
/** The script that this runs in: the preload's bundle. */
const OWN_URL = typeof __filename === "string" ? __filename : "";
/** Names of the stand-ins in `measuredCall.ts`: Node's own calls go through them, too. */
const STAND_INS: ReadonlySet<string> = new Set(["plain", "nesting"]);

type Path = ReturnType<StackTable["push"]> | null;

interface Told {
  readonly interval: number;
  readonly size: number;
  samples: number;
}

export interface Sized {
  readonly bytes: number;
  readonly objects: number;
}

export class HeapRows {
  samples = 0;
  serverBytes = 0;
  ownBytes = 0;
  private readonly byStack = new Map<number, Map<string, Told>>();

  constructor(private readonly stacks: StackTable) {}

  add(profile: SamplingProfile, intervalBytes: number): void {
    const stackOf = this.placeNodes(profile.head);
    for (const { size, nodeId } of profile.samples) {
      const stack = stackOf.get(nodeId);
      this.samples++;
      if (stack === undefined) {
        this.ownBytes += size;
        continue;
      }
      this.serverBytes += size;
      const told = this.byStack.get(stack) ?? new Map<string, Told>();
      this.byStack.set(stack, told);
      const key = `${intervalBytes}/${size}`;
      const same = told.get(key);
      if (same !== undefined) same.samples++;
      else told.set(key, { interval: intervalBytes, size, samples: 1 });
    }
  }

  /** Reads the objects' sizes and adds rows to the meter; returns what is known of all objects together. */
  finish(operation: Operation, meter: Meter | null): Sized {
    const sized = { bytes: 0, objects: 0 };
    for (const [stack, told] of this.byStack) {
      const sizes = sizesOf([...told.values()].map((t) => [t.interval, t.size, t.samples] as const));
      const rest = { samples: 0, count: 0, amount: 0 };
      sizes.forEach(({ bytes, samples, count, amount }, rank) => {
        sized.bytes += amount;
        sized.objects += count;
        if (rank < SIZES_PER_STACK) {
          meter?.addSample(operation, bytes, stack, samples, count, amount);
          return;
        }
        rest.samples += samples;
        rest.count += count;
        rest.amount += amount;
      });
      if (rest.samples === 0) continue;
      meter?.addSample(operation, rest.amount / rest.count, stack, rest.samples, rest.count, rest.amount);
    }
    return sized;
  }

  /** The stack of each node by its id; nodes whose allocations are our own are left out. */
  private placeNodes(head: ProfileNode): Map<number, number> {
    const stackOf = new Map<number, number>();
    const open: { node: ProfileNode; path: Path; origin: Origin }[] = [
      { node: head, path: null, origin: "nobody" },
    ];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node } = next;
      let { path, origin } = next;
      const { url, functionName, scriptId, lineNumber, columnNumber } = node.callFrame;
      const ours = OWN_URL !== "" && url === OWN_URL;
      // "(root)", "(V8 API)" and the like stand for no code: theirs is their caller's.
      if (!(url === "" && scriptId === "0") && !ours) {
        const frame = this.stacks.frame(url, functionName, lineNumber + 1, columnNumber + 1);
        if (frame !== 0) path = this.stacks.push(path, frame);
      }
      if (ours) origin = origin === "nobody" && !STAND_INS.has(functionName) ? "ours" : origin;
      else if (url !== "" && !url.startsWith("node:")) origin = "server";
      if (origin !== "ours" && !ours) stackOf.set(node.id, path?.stack ?? 0);
      for (const child of node.children) open.push({ node: child, path, origin });
    }
    return stackOf;
  }
}

/** Ours: called by Node alone, and none of the server's code beneath. */
type Origin = "nobody" | "server" | "ours";
