// Runtime: how many bytes a string is in an encoding, as Node's own functions take it.

import { Buffer } from "node:buffer";
import { types } from "node:util";

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

/** Of a string in that encoding, of a view or of a buffer; 0 for anything else. */
export function dataBytes(data: unknown, encoding?: unknown): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return types.isAnyArrayBuffer(data) ? data.byteLength : textBytes(data, encoding);
}

/** An option that stands in an object itself. One that is a proxy is not asked: it would see that. */
export function ownOption(options: object, key: string): unknown {
  return types.isProxy(options)
    ? undefined
    : (Object.getOwnPropertyDescriptor(options, key)?.value as unknown);
}
