// Runtime: what heap samples told of late: our own share of what is allocated, and the mean object's size.

/** Mean size of an object while no sample tells one: a few fields. Only the count hangs on it. */
const ASSUMED_BYTES = 64;
/** Weight of what was known before. */
const MEMORY = 0.7;

export class SampledOfLate {
  private serverBytes = 0;
  private objects = 0;
  private ownBytes = 0;

  learn(serverBytes: number, objects: number, ownBytes: number): void {
    this.serverBytes = this.serverBytes * MEMORY + serverBytes;
    this.objects = this.objects * MEMORY + objects;
    this.ownBytes = this.ownBytes * MEMORY + ownBytes;
  }

  forget(): void {
    this.serverBytes = 0;
    this.objects = 0;
    this.ownBytes = 0;
  }

  /** Of all that is allocated, what the server allocates; 0 to 1. */
  get serverShare(): number {
    return 1 - this.ownBytes / (this.serverBytes + this.ownBytes || 1);
  }

  get meanBytes(): number {
    return this.objects === 0 ? ASSUMED_BYTES : this.serverBytes / this.objects;
  }
}
