// Page: what stands in it, unpacked: gzip in base 64.

/** Its body fails, or this throws, where it is damaged. */
export function unpack(base64: string): Response {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let at = 0; at < packed.length; at++) packed[at] = text.charCodeAt(at);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}
