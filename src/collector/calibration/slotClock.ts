// Calibration: how long one slot took, as processor time: the smaller of wall time and this process's processor time.
// On a busy machine a slot is preempted, and wall time alone has read a thousand times too much.

export class SlotClock {
  private wall = 0n;
  private usage: NodeJS.CpuUsage = { user: 0, system: 0 };

  start(): void {
    this.usage = process.cpuUsage();
    this.wall = process.hrtime.bigint();
  }

  /** Since `start`. The kernel counts processor time in whole microseconds: slots are some tens of them at least. */
  nanos(): number {
    const wall = Number(process.hrtime.bigint() - this.wall);
    const { user, system } = process.cpuUsage(this.usage);
    return Math.min(wall, Math.max(1, user + system) * 1_000);
  }
}
