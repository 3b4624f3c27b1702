// Runtime: where the errors of our own code end. In the user's process nothing of ours throws: a fault is
// counted, reported with the next window, and after three the owner is turned off.

const LIMIT = 3;

export class Faults {
  private readonly byOwner = new Map<string, number>();
  private total = 0;

  /** `turnOff` is called once, when `owner` has failed three times. */
  constructor(private readonly turnOff: (owner: string, error: unknown) => void) {}

  add(owner: string, error: unknown): void {
    this.total++;
    const count = (this.byOwner.get(owner) ?? 0) + 1;
    this.byOwner.set(owner, count);
    if (count !== LIMIT) return;
    try {
      this.turnOff(owner, error);
    } catch {
      this.total++;
    }
  }

  /** Runs `action`; a throw becomes a fault of `owner` and `fallback` is returned. */
  guard<T>(owner: string, fallback: T, action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.add(owner, error);
      return fallback;
    }
  }

  /** Faults since the last call. */
  take(): number {
    const total = this.total;
    this.total = 0;
    return total;
  }
}
