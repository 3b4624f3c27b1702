// Runtime: the size classes of a cell.

/** Class c holds [2^(c-1), 2^c), 0 those under 1, the last one everything larger. */
export const CLASSES = 40;

export function sizeClassOf(amount: number): number {
  if (amount < 1) return 0;
  if (amount < 0x80000000) return 32 - Math.clz32(amount);
  return Math.min(CLASSES - 1, Math.floor(Math.log2(amount)) + 1);
}
