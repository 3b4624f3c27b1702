// Collector: narrows a calibration, as it comes from its process or from a profile file.

import type { Calibration, Cost } from "../protocol/calibration.ts";
import { amount, flag, list, nullable, optional, shape, text, whole } from "./narrow.ts";

const cost = shape<Cost>({ median: amount, low: amount, high: amount });
const bySize = list(shape<{ bytes: number; nanosPerByte: Cost }>({ bytes: whole(), nanosPerByte: cost }), 64);

/** @throws InvalidInput */
export const calibrationShape = shape<Calibration>({
  node: text(512),
  tookMs: amount,
  partial: flag,
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
});
