// The body of a request, joined anew with every chunk that arrives.

const LIMIT_BYTES = 1_000_000;

async function readBody(request) {
  let body = Buffer.alloc(0);
  for await (const chunk of request) {
    body = Buffer.concat([body, chunk]);
    if (body.length > LIMIT_BYTES) throw new RangeError("The body is too large");
  }
  return body;
}

module.exports = { readBody };
