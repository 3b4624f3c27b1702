// Runtime: how fast a thread allocates of late. Over some windows together, for what collections freed is told late: a
// load's first windows hold nothing, and the next one all of it.

const WINDOWS = 4;

export class AllocationRate {
  private readonly windows: (readonly [bytes: number, micros: number])[] = [];

  add(bytes: number, micros: number): void {
    this.windows.push([bytes, micros]);
    if (this.windows.length > WINDOWS) this.windows.shift();
  }

  /** 0 before the first window. */
  get bytesPerSecond(): number {
    let [bytes, micros] = [0, 0];
    for (const window of this.windows) {
      bytes += window[0];
      micros += window[1];
    }
    return micros > 0 ? (bytes * 1e6) / micros : 0;
  }
}
