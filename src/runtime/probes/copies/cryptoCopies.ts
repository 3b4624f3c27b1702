// Runtime: bytes that are hashed, signed, enciphered or deciphered: traffic like a copy, and dearer a byte. What runs on
// the caller's thread is priced by the time that it takes; what goes to the pool has no price.

import type Crypto from "node:crypto";
import { builtin } from "../../builtins.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { copiesGate } from "./gate.ts";
import { PipedBytes } from "./pipedBytes.ts";
import { dataBytes } from "./textBytes.ts";

type Kind = "hash" | "cipher";
type Functions = Record<string, unknown>;

/** `update(data, encoding)` */
const given: AmountOf = (_self, args) => dataBytes(args[0], args[1]);
/** `hash(algorithm, data)`, `sign(algorithm, data, key)`, `publicEncrypt(key, data)` */
const second: AmountOf = (_self, args) => dataBytes(args[1]);
const third: AmountOf = (_self, args) => dataBytes(args[2]);
const fourth: AmountOf = (_self, args) => dataBytes(args[3]);
/** One-shot functions that work in the pool when a callback comes last. */
const secondHere: AmountOf = (_self, args) => (inPool(args) ? 0 : dataBytes(args[1]));
const secondInPool: AmountOf = (_self, args) => (inPool(args) ? dataBytes(args[1]) : 0);

function inPool(args: IArguments): boolean {
  return typeof args[args.length - 1] === "function";
}

interface How {
  readonly amount: AmountOf;
  /** It works on the caller's thread. */
  readonly timed: boolean;
  readonly nests?: boolean;
  readonly twins?: readonly object[];
}

/** Where `SubtleCrypto`'s functions take their data. */
const SUBTLE: readonly (readonly [name: string, kind: Kind, amount: AmountOf])[] = [
  ["digest", "hash", second],
  ["sign", "cipher", third],
  ["verify", "cipher", fourth],
  ["encrypt", "cipher", third],
  ["decrypt", "cipher", third],
];

export class CryptoCopiesProbe extends CallProbe {
  private piped: PipedBytes | null = null;
  private cancel: (() => void) | null = null;

  constructor() {
    super("copies.crypto", copiesGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    this.cancel = whenAsked(this.name, context, ["crypto"], () => {
      this.piped = new PipedBytes(this.name, context.meter, context.faults);
      patch(context, calls, this.piped);
    });
  }

  override stop(): void {
    this.cancel?.();
    super.stop();
    this.piped?.stop();
  }
}

function patch({ meter }: ProbeContext, calls: CallMeter, piped: PipedBytes): void {
  const crypto = builtin<typeof Crypto>("crypto");
  const exported = crypto as unknown as Functions;
  const on = (target: unknown, name: string, kind: Kind, callee: string, how: How) => {
    if (typeof (target as Functions)[name] !== "function") return;
    const operation = meter.operation(kind, callee);
    const { amount, timed, nests, twins } = how;
    calls.measure(target as Functions, [name], {
      operation,
      amount,
      nests: nests ?? false,
      twins: twins ?? [],
      ...(timed ? { timed: operation } : {}),
    });
  };
  // What enciphers into text decodes by a StringDecoder, which is a copy of its own: these nest nothing.
  const updates = (kind: Kind, callee: string, prototypes: readonly Functions[]) => {
    // On some versions these classes share their functions, on others each has its own.
    for (const [at, prototype] of prototypes.entries()) {
      if (calls.isOurs(prototype.update)) continue;
      on(prototype, "update", kind, callee, { amount: given, timed: true, twins: prototypes.slice(at + 1) });
    }
  };
  const of = (...names: readonly string[]) => names.flatMap((name) => prototypeOf(exported[name]));
  const hashes = of("Hash", "Hmac");
  const ciphers = of("Cipheriv", "Decipheriv", "Cipher", "Decipher");
  updates("hash", "Hash.update", hashes);
  updates("cipher", "Cipher.update", ciphers);
  // Streams of these write by `update`.
  updates("cipher", "Sign.update", of("Sign", "Verify"));
  piped.measure(hashes, meter.operation("hash", "Hash.write"));
  piped.measure(ciphers, meter.operation("cipher", "Cipher.write"));
  on(crypto, "hash", "hash", "crypto.hash", { amount: second, timed: true, nests: true });
  for (const name of ["sign", "verify"]) {
    on(crypto, name, "cipher", `crypto.${name}`, { amount: secondHere, timed: true, nests: true });
    on(crypto, name, "cipher", `crypto.${name} in the pool`, { amount: secondInPool, timed: false });
  }
  for (const name of ["publicEncrypt", "publicDecrypt", "privateEncrypt", "privateDecrypt"])
    on(crypto, name, "cipher", `crypto.${name}`, { amount: second, timed: true, nests: true });
  const subtle = Object.getPrototypeOf(crypto.webcrypto.subtle) as unknown;
  for (const [name, kind, amount] of SUBTLE)
    on(subtle, name, kind, `crypto.subtle.${name}`, { amount, timed: false, nests: true });
}

function prototypeOf(made: unknown): Functions[] {
  const prototype = typeof made === "function" ? (made.prototype as unknown) : undefined;
  return typeof prototype === "object" && prototype !== null ? [prototype as Functions] : [];
}
