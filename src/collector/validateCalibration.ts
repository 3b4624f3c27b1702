// Collector: narrows a calibration, as it comes from its process or from a profile file.

import type { Calibration, Cost, MachineFacts } from "../protocol/calibration.ts";
import { amount, flag, list, nullable, optional, shape, text, whole } from "./narrow.ts";

const cost = shape<Cost>({ median: amount, low: amount, high: amount });
const bySize = list(shape<{ bytes: number; nanosPerByte: Cost }>({ bytes: whole(), nanosPerByte: cost }), 64);

const machine = shape<MachineFacts>({
  system: text(256),
  processor: text(256),
  cores: whole(),
  coreLimit: nullable(amount),
  memoryBytes: amount,
  memoryLimitBytes: nullable(amount),
  pageBytes: nullable(amount),
  cacheLineBytes: nullable(amount),
});

/** @throws InvalidInput */
export const calibrationShape = shape<Calibration>({
  node: text(512),
  tookMs: amount,
  partial: flag,
  waitedShare: optional(nullable(amount)),
  copies: shape<Calibration["copies"]>({
    copy: bySize,
    encode: bySize,
    decode: bySize,
    clone: bySize,
    serialise: bySize,
    parse: bySize,
  }),
  poolRoundTripMicros: cost,
  messageMicros: cost,
  hopMicros: optional(cost),
  processSpawnMicros: cost,
  wakeMicros: cost,
  syscallMicros: cost,
  switchMicros: cost,
  switchesPerPoolRoundTrip: nullable(amount),
  switchesPerMessage: nullable(amount),
  allocationNanosPerByte: cost,
  bufferNanosPerByte: cost,
  machine: optional(machine),
});
