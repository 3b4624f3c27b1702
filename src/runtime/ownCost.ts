// Runtime: what our own work costs the user's process, as processor time. Wall time alone would blame us for the time
// that a busy machine keeps a thread waiting.

interface Usage {
  readonly user: number;
  readonly system: number;
}

const { hrtime } = process;
const processCpuUsage = process.cpuUsage.bind(process);
/** Of this thread, Node 22 and later. The kernel brings it up to date about once a millisecond: too rare for short work. */
const threadCpuUsage =
  (process as { threadCpuUsage?: () => Usage }).threadCpuUsage?.bind(process) ?? processCpuUsage;

const total = ({ user, system }: Usage): number => user + system;

abstract class Stopwatch {
  private wall: [number, number] = [0, 0];
  private processor = 0;

  protected abstract processorMicros(): number;

  start(): void {
    this.wall = hrtime();
    this.processor = this.processorMicros();
  }

  /** Microseconds since `start`: the smaller of wall and processor time. */
  stop(): number {
    const [seconds, nanos] = hrtime(this.wall);
    const processor = this.processorMicros() - this.processor;
    return Math.max(0, Math.min(seconds * 1e6 + nanos / 1e3, processor));
  }
}

/** For work of some microseconds: held against the whole process's processor time, which is always up to date. */
export class ShortWork extends Stopwatch {
  protected processorMicros(): number {
    return total(processCpuUsage());
  }
}

/** For work of milliseconds: held against this thread's own processor time. */
export class LongWork extends Stopwatch {
  protected processorMicros(): number {
    return total(threadCpuUsage());
  }
}
