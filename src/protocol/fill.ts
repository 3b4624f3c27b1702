// Leaf: texts with holes.

/** The text with its values in their places: `{0}`, `{1}`. A hole without a value stays. */
export function fill(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole));
}
