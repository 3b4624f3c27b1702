// Benchmark: what the machine charges for memory that a process has not touched yet. A virtual machine may fetch each page from
// its host, and then all that makes a process larger is dearer by the clock and in processor time.

const MEGABYTES = 256;
const PAGE_BYTES = 4_096;

/** Of processor time a page, microseconds: some tenths where memory is the machine's own. */
export function firstTouchMicros(): number {
  const memory = Buffer.allocUnsafeSlow(MEGABYTES * 2 ** 20);
  const before = process.cpuUsage();
  for (let at = 0; at < memory.length; at += PAGE_BYTES) memory[at] = 1;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (memory.length / PAGE_BYTES);
}
