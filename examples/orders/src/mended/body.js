// The body of a request: chunks are kept as they are and joined once.

const LIMIT_BYTES = 1_000_000;

async function readBody(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LIMIT_BYTES) throw new RangeError("The body is too large");
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length);
}

module.exports = { readBody };
