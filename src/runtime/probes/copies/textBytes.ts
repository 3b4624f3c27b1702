// Runtime: how many bytes a string is in an encoding, as Node's own functions take it.

import { Buffer } from "node:buffer";
import { types } from "node:util";
import * as v8 from "node:v8";

const { byteLength, isEncoding } = Buffer;

/** 0 for what is no string. Node takes text of an encoding that it does not know, or of none, as UTF-8. */
export function textBytes(text: unknown, encoding: unknown): number {
  if (typeof text !== "string") return 0;
  switch (encoding) {
    case undefined:
    case "utf8":
      return byteLength(text);
    case "latin1":
    case "binary":
    case "ascii":
      return text.length;
    default:
      return byteLength(text, typeof encoding === "string" && isEncoding(encoding) ? encoding : "utf8");
  }
}

/** Not in Node 20. */
const { isStringOneByteRepresentation } = v8 as { isStringOneByteRepresentation?: (text: string) => boolean };
/** Of a string whose form V8 does not tell, so many characters are looked at. */
const MAX_LOOKS = 256;

/** Of a string as V8 holds it, and moves it in a clone: one byte a character, two if one of them is beyond Latin-1. */
export function heldBytes(text: string): number {
  const narrow =
    isStringOneByteRepresentation === undefined ? looksNarrow(text) : isStringOneByteRepresentation(text);
  return narrow ? text.length : 2 * text.length;
}

function looksNarrow(text: string): boolean {
  const step = Math.max(1, text.length / MAX_LOOKS);
  for (let at = 0; at < text.length; at += step) if (text.charCodeAt(Math.floor(at)) > 0xff) return false;
  return true;
}

/** Of a string in that encoding, of a view or of a buffer; 0 for anything else. */
export function dataBytes(data: unknown, encoding?: unknown): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return types.isAnyArrayBuffer(data) ? data.byteLength : textBytes(data, encoding);
}

/** Of options that are one, or an object that may hold one. */
export function encodingOf(options: unknown): unknown {
  return typeof options === "object" && options !== null ? ownOption(options, "encoding") : options;
}

/** An option that stands in an object itself. One that is a proxy is not asked: it would see that. */
export function ownOption(options: object, key: string): unknown {
  return types.isProxy(options)
    ? undefined
    : (Object.getOwnPropertyDescriptor(options, key)?.value as unknown);
}
