// Runtime tests: for times that are compared with times. What else runs on the machine spoils one run; a wrong price
// spoils all.

/** @throws what the last of `tries` runs of `check` threw */
export async function inTries(tries: number, check: () => Promise<void>): Promise<void> {
  for (let left = tries - 1; left > 0; left--) {
    try {
      return await check();
    } catch {
      // Once more.
    }
  }
  await check();
}
