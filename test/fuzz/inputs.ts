// Fuzzing: what arrives at a socket: frames of a real server, changed, cut, glued and made up.

import { frame } from "../../src/protocol/framing.ts";
import type { PeerMessage } from "../../src/protocol/wire.ts";
import type { Chance } from "./chance.ts";
import { joined, mutateBytes } from "./mutateBytes.ts";
import { mutateJson } from "./mutateJson.ts";
import type { Traffic } from "./traffic.ts";

const encoder = new TextEncoder();

export class Inputs {
  private readonly texts: readonly string[];
  private readonly frames: readonly Uint8Array[];
  private sequence = 1_000_000;

  constructor(
    traffic: Traffic,
    private readonly chance: Chance,
  ) {
    this.texts = traffic.messages.flatMap((message) => {
      const text = JSON.stringify(message);
      // Without tables its ids are those of windows before it, so that it is let in as often as it comes.
      return message.type === "window" ? [text, JSON.stringify({ ...message, ...NO_TABLES })] : [text];
    });
    this.frames = this.texts.map((text) => frame(encoder.encode(text)));
  }

  /** One input: bytes of a frame, or of what should have been one. */
  next(): Uint8Array {
    const { chance } = this;
    switch (chance.below(10)) {
      case 0:
        return chance.bytes(1 + chance.below(chance.once(50) ? 20_000 : 40));
      case 1:
        return frame(mutateBytes(chance.bytes(1 + chance.below(40)), chance));
      case 2:
      case 3:
        return mutateBytes(chance.pick(this.frames), chance);
      case 4: {
        const text = chance.pick(this.frames).subarray(4);
        return frame(mutateBytes(text, chance));
      }
      default:
        return this.message(JSON.parse(chance.pick(this.texts)) as PeerMessage);
    }
  }

  private message(message: PeerMessage): Uint8Array {
    const next = message.type === "window" ? { ...message, sequence: this.sequence++ } : message;
    return frame(encoder.encode(mutateJson(next, this.chance)));
  }

  /** As a socket may deliver it. */
  chunks(bytes: Uint8Array): Uint8Array[] {
    const { chance } = this;
    if (!chance.once(4)) return [bytes];
    const chunks: Uint8Array[] = [];
    const most = chance.once(20) ? 1 : 1 + chance.below(bytes.length);
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + chance.below(most);
      chunks.push(bytes.subarray(at, at + length));
      at += length;
    }
    return chunks;
  }
}

export const NO_TABLES = {
  operations: [],
  scripts: [],
  sourceMaps: [],
  frames: [],
  stacks: [],
  routes: [],
  lockKeys: [],
} as const;

export { joined };
