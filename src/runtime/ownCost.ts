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

/** Milliseconds of wall time that our long work took on this thread so far. */
export const ownWork = { millis: 0 };

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
    const wall = this.wallMicros();
    return Math.max(0, Math.min(wall, this.processorMicros() - this.processor));
  }

  protected wallMicros(): number {
    const [seconds, nanos] = hrtime(this.wall);
    return seconds * 1e6 + nanos / 1e3;
  }
}

/** Asking for the processor time takes as long as a stack does: so one piece of work in so many stands for all. */
const SHORT_WORK_STEP = 8;

/** For work of some microseconds: held against the whole process's processor time, which is always up to date. */
export class ShortWork extends Stopwatch {
  /** Pieces until the next one that is measured. The first ones, which warm up, are not. */
  private left = SHORT_WORK_STEP / 2;

  override start(): void {
    if (this.left === 0) super.start();
  }

  /** Microseconds, on average over many pieces of work. */
  override stop(): number {
    if (this.left > 0) {
      this.left--;
      return 0;
    }
    // At random, because the pieces of each request come in the same order: 0 to 14, 7 on average.
    this.left = Math.floor(Math.random() * (2 * SHORT_WORK_STEP - 1));
    return super.stop() * SHORT_WORK_STEP;
  }

  protected processorMicros(): number {
    return total(processCpuUsage());
  }
}

const FIRST_TYPICAL_MICROS = 100;
const MOST_TIMES_TYPICAL = 4;
const TYPICAL_OF = 8;

/** Of pieces of work that mostly take as long: what one that took far longer counts for. */
export class Typical {
  private micros = FIRST_TYPICAL_MICROS;

  /** @param micros above 0 */
  of(micros: number): number {
    const counted = Math.min(micros, MOST_TIMES_TYPICAL * this.micros);
    this.micros += (counted - this.micros) / TYPICAL_OF;
    return counted;
  }
}

/**
 * For stacks. One that another process interrupted seems to have taken milliseconds, in a process of several threads also by
 * processor time, and would stand for eight.
 */
export class EvenWork extends ShortWork {
  private readonly typical = new Typical();

  override stop(): number {
    const micros = super.stop() / SHORT_WORK_STEP;
    // 0 was not measured.
    return micros === 0 ? 0 : this.typical.of(micros) * SHORT_WORK_STEP;
  }
}

/** For work of milliseconds: held against this thread's own processor time. */
export class LongWork extends Stopwatch {
  override stop(): number {
    ownWork.millis += this.wallMicros() / 1000;
    return super.stop();
  }

  protected processorMicros(): number {
    return total(threadCpuUsage());
  }
}
