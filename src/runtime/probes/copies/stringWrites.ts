// Runtime: strings written to sockets and files, which are encoded on the way. Bytes written cost no copy in
// user space. http writes its head and body through the socket's `write`, so responses are seen here.

import type Fs from "node:fs";
import { Socket } from "node:net";
import { Duplex, type Writable } from "node:stream";
import { builtin } from "../../builtins.ts";
import { CallProbe } from "../callProbe.ts";
import type { AmountOf, CallMeter } from "../measuredCall.ts";
import type { ProbeContext } from "../probe.ts";
import { copiesGate } from "./gate.ts";
import { encodingOf, textBytes } from "./textBytes.ts";

const fs = builtin<typeof Fs>("fs");
/** Sockets and HTTP/2 encode by themselves; other streams turn strings into Buffers first, which `Buffer.from` counts. */
const socketWrite: AmountOf = (self, args) =>
  typeof args[0] === "string" && (self instanceof Socket || isHttp2(self))
    ? sentBytes(self as Writable, args)
    : 0;
/** As Node spells them. Of text in another encoding it makes a Buffer first, by `Buffer.from`, which counts. */
const AS_TEXT: ReadonlySet<string> = new Set([
  "utf8",
  "utf-8",
  "latin1",
  "binary",
  "ascii",
  "ucs2",
  "ucs-2",
  "utf16le",
  "utf-16le",
]);

/** Pieces that are held back to be sent together are encoded together, in any encoding. */
function sentBytes(socket: Writable, { 0: text, 1: encoding }: IArguments): number {
  const byBuffer = typeof encoding === "string" && encoding !== "" && !AS_TEXT.has(encoding);
  return byBuffer && socket.writableCorked === 0 ? 0 : textBytes(text, encoding);
}

/** Node exports no class of these streams, and its module for them is not loaded for this. */
function isHttp2(stream: unknown): boolean {
  const made = (Object.getPrototypeOf(stream) as { constructor?: { name?: unknown } } | null)?.constructor;
  return made?.name === "ServerHttp2Stream" || made?.name === "ClientHttp2Stream";
}

/** `write(fd, text, position, encoding)` */
const descriptorWrite: AmountOf = (_self, args) => textBytes(args[1], args[3]);
/** `writeFileSync(path, text, encoding | { encoding })` */
const fileWrite: AmountOf = (_self, args) => textBytes(args[1], encodingOf(args[2]));

export class StringWritesProbe extends CallProbe {
  constructor() {
    super("copies.writes", copiesGate);
  }

  protected measure(calls: CallMeter, { meter }: ProbeContext): void {
    const encode = (callee: string) => meter.operation("encode", callee);
    calls.measure(Duplex.prototype, ["write"], { operation: encode("Socket.write"), amount: socketWrite });
    // By a function of Node's own, not by `write`.
    calls.measure(Duplex.prototype, ["end"], { operation: encode("Socket.end"), amount: socketWrite });
    calls.measure(fs, ["write"], { operation: encode("fs.write"), amount: descriptorWrite });
    calls.measure(fs, ["writeSync"], { operation: encode("fs.writeSync"), amount: descriptorWrite });
    calls.measure(fs, ["appendFileSync"], {
      operation: encode("fs.appendFileSync"),
      amount: fileWrite,
      nests: true,
    });
    calls.measure(fs, ["writeFileSync"], {
      operation: encode("fs.writeFileSync"),
      amount: fileWrite,
      nests: true,
    });
  }
}
