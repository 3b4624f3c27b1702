// Report: what each kind of cost is, in a sentence, for a reader who meets it for the first time.

import { said } from "../model/l10n.ts";
import type { Category, Kind } from "../protocol/categories.ts";

export const KIND_MEANING: Readonly<Record<Kind, string>> = {
  copy: said("Bytes are copied from one place in memory to another."),
  concat: said("Buffers are joined: all of their bytes are copied into a new one."),
  encode: said("A string is written out as bytes, all of them anew."),
  decode: said("Bytes are read into a string, all of them anew."),
  clone: said("A value is cloned: all that it holds is written out and read in again."),
  serialise: said("A value is written out as text: every byte of it is made here."),
  parse: said("Text is read into a value: every byte of it is looked at, and the value is made anew."),
  hash: said("Bytes are hashed: each one passes through the processor, as in a copy, and is worked on."),
  cipher: said("Bytes are enciphered or deciphered: each one is read, worked on and written."),
  compress: said("Bytes are compressed or unpacked: each one is read, worked on and written."),
  "round trip": said(
    "Work is sent to another thread and its answer awaited: two hand-offs, each a context switch at its worst.",
  ),
  "hand-off": said("Work or an answer is handed to another thread, which has to be woken for it."),
  process: said("A process is started: the dearest hand-off there is."),
  hop: said("Work is put off to a later turn of the event loop, on the same thread."),
  objects: said("Objects are made on V8's heap: memory that has to be found, filled and collected again."),
  buffers: said("Memory for bytes is allocated off V8's heap."),
  wait: said("A request stands in line for a lock that another one holds."),
  "pool wait": said("A request stands in line for a connection or another pooled resource."),
  blocked: said(
    "A synchronous call holds the event loop: no other request of this worker goes on meanwhile.",
  ),
  "loop wait": said("Requests stand ready while other code has the event loop."),
  "promise wait": said("A request waits for a promise that another request resolves: a lock without a name."),
};

/** Where a category's price comes from. */
export const PRICE_MEANING: Readonly<Record<Category, string>> = {
  copies: said(
    "Processor time: the bytes, at the price that this machine's calibration found for their kind and size.",
  ),
  switches: said(
    "Processor time: the hand-offs, at the price that this machine's calibration found. What a hand-off costs depends on the load: it is told with its rate.",
  ),
  allocations: said(
    "Processor time: the bytes at their calibrated price, and the share of the collections' pauses that they cause.",
  ),
  locks: said("Waiting time, as measured. It is no processor time and is never added to it."),
};
