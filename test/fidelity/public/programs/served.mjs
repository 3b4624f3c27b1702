// What every program here does: listens on a free port, says where, and closes when it is told to.

/** @param close called at SIGTERM, before the server closes and after it no longer accepts */
export function serve(server, close = async () => {}) {
  server.listen(0, "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
  endWith(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections?.();
    await closed;
    await close();
  });
}

export function endWith(close) {
  process.once("SIGTERM", async () => {
    console.log("closing");
    await close();
    console.log("closed");
    process.exitCode = 3;
  });
}

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
/** Longer than the kernel's buffers. */
export const LARGE = Buffer.alloc(1 << 20, "0123456789abcdef");
