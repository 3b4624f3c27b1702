// Runtime: other work in libuv's thread pool: dns look-ups, asynchronous crypto, zlib.

import type Crypto from "node:crypto";
import type Dns from "node:dns";
import { isIP } from "node:net";
import { builtin } from "../../builtins.ts";
import { RestingPatches } from "../../restingPatches.ts";
import type { Reservation } from "../../sampling/meter.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { whenAsked } from "../whenAsked.ts";
import { HANDOFFS_PER_JOB, handoffsGate, jobs, jobWithCallback } from "./handoff.ts";

export const CRYPTO_WITH_CALLBACK = [
  "argon2",
  "checkPrime",
  "generateKey",
  "generateKeyPair",
  "generatePrime",
  "hkdf",
  "pbkdf2",
  "randomBytes",
  "randomFill",
  "scrypt",
  "sign",
  "verify",
];
const SUBTLE = ["decrypt", "deriveBits", "deriveKey", "digest", "encrypt", "generateKey", "sign", "verify"];
export const ZLIB_STREAMS = [
  "createGzip",
  "createBrotliCompress",
  "createBrotliDecompress",
  "createZstdCompress",
  "createZstdDecompress",
];

/** Addresses and empty names are answered at once. */
export const lookup: AmountOf = (_self, args) => {
  const name: unknown = args[0];
  return typeof name === "string" && name !== "" && isIP(name) === 0 ? HANDOFFS_PER_JOB : 0;
};

type Functions = Record<string, unknown>;

export class PoolHandoffsProbe extends CallProbe {
  private readonly patches = new RestingPatches();
  private active = true;
  private readonly cancels: (() => void)[] = [];

  constructor() {
    super("switches.pool", handoffsGate);
  }

  protected measure(calls: CallMeter, context: ProbeContext): void {
    const { meter, faults } = context;
    const on = (target: object, prefix: string, names: readonly string[], amount: AmountOf) => {
      for (const name of names) {
        if (typeof (target as Functions)[name] !== "function") continue;
        calls.measure(target as Functions, [name], {
          operation: meter.operation("round trip", `${prefix}.${name}`),
          amount,
        });
      }
    };
    // Sockets that connect by name use the one that stands there, whoever loaded it.
    const dns = builtin<typeof Dns>("dns");
    on(dns, "dns", ["lookup"], lookup);
    on(dns, "dns", ["lookupService"], jobWithCallback);
    const later = (names: readonly string[], patch: () => void, signs = names) =>
      this.cancels.push(whenAsked(this.name, context, names, patch, signs));
    const promised = () => {
      on(dns.promises, "dns.promises", ["lookup"], lookup);
      on(dns.promises, "dns.promises", ["lookupService"], jobs(1));
    };
    later(["dns", "dns/promises"], promised, ["dns/promises"]);
    later(["crypto"], () => {
      const crypto = builtin<typeof Crypto>("crypto");
      on(crypto, "crypto", CRYPTO_WITH_CALLBACK, jobWithCallback);
      const subtle = Object.getPrototypeOf(crypto.webcrypto.subtle) as object;
      on(subtle, "crypto.subtle", SUBTLE, jobs(1));
    });
    later(["zlib"], () => {
      for (const create of ZLIB_STREAMS)
        faults.guard(this.name, undefined, () => this.patchZlib(create, context));
    });
  }

  override stop(): void {
    for (const cancel of this.cancels) cancel();
    this.active = false;
    super.stop();
    this.patches.restore();
  }

  /**
   * Every chunk of 16 KB output is a job of its own, started from the former one's completion, where no user code
   * stands on the stack: the first job's site stands for all jobs of its stream.
   */
  private patchZlib(create: string, { meter, faults }: ProbeContext): void {
    const zlib = builtin<Record<string, (() => { _handle?: object; close(): void }) | undefined>>("zlib");
    const make = zlib[create];
    if (make === undefined) return;
    const stream = make();
    const prototype = ownerOf(stream._handle, "write");
    stream.close();
    if (prototype === null) return;
    const operation = meter.operation("round trip", "zlib");
    const reservations = new WeakMap<object, { reservation: Reservation | null }>();
    const probe = this;
    this.patches.replace(prototype as Functions, ["write"], (original) => {
      const { write } = {
        write(this: object): unknown {
          const result = Reflect.apply(original, this, arguments);
          if (!probe.active || meter.quiet > 0) return result;
          try {
            let first = reservations.get(this);
            if (first === undefined) {
              first = { reservation: meter.reserve(operation, write) };
              reservations.set(this, first);
            }
            meter.settle(operation, HANDOFFS_PER_JOB, first.reservation);
          } catch (error) {
            faults.add(probe.name, error);
          }
          return result;
        },
      };
      return write;
    });
  }
}

export function ownerOf(object: object | undefined, key: string): object | null {
  for (let at: object | null = object ?? null; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, key)) return at;
  }
  return null;
}
