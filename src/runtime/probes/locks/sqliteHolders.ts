// Runtime: who has a database's lock: another thread of this process, which writes its line down as it gives the lock back while
// somebody waits; or another connection of this thread, whose transaction is open. Databases of one process are not told apart.

import { type Caller, callers } from "../../sampling/callers.ts";
import { PoissonSampler } from "../../sampling/poissonSampler.ts";
import type { AnyFunction, Contention } from "./contention.ts";
import { WakeBoard } from "./wakeBoard.ts";

/** All databases. */
const PLACE = 0;
/** Ends of transactions written down, over the waits that get a stack: which of those that wait will, their ends can't know. */
const WRITTEN = 4;
/** Windows in which transactions of this thread are remembered, after one was in another connection's way. */
const WANTED_WINDOWS = 4;

export class SqliteHolders {
  private readonly board = WakeBoard.open("darcy.sqlite");
  /** Which ends of transactions are written down. */
  private readonly budget: PoissonSampler;
  /** Where this thread began the transaction that is open; its id is 0 where that is not known. */
  private open: Caller | null = null;
  private wanted = 0;

  constructor(private readonly contention: Contention) {
    this.budget = new PoissonSampler(WRITTEN * contention.perWindow);
  }

  /** Before a call that may wait. */
  waits(): void {
    this.board.waits(PLACE);
  }

  waited(): void {
    this.board.ends(PLACE);
  }

  /** A transaction has begun. */
  began(above: AnyFunction): void {
    this.open = this.wanted > 0 ? callers.here(above) : { id: 0 };
  }

  /** Before it ends. */
  ends(above: AnyFunction): void {
    this.open = null;
    const { board, budget, contention } = this;
    if (!board.hasWaiters(PLACE) || budget.take(1) === 0) return;
    contention.meter.quiet++;
    try {
      board.wakes(PLACE, PLACE, contention.meter.stacks.write(above, WakeBoard.mostText));
    } finally {
      contention.meter.quiet--;
    }
  }

  /** The stack of who gave the lock back during a wait, 0 when that is not known. @param start of the wait, as `contention.now` */
  giver(start: number): number {
    const text = this.board.wokenBy(PLACE, PLACE, this.contention.now() - start);
    return text === null ? 0 : this.contention.meter.stacks.read(text);
  }

  /** Of who still has it on this thread. */
  holder(): number {
    if (this.open === null) return 0;
    this.wanted = WANTED_WINDOWS;
    return this.contention.meter.stacks.idOf(this.open);
  }

  endWindow(): void {
    if (this.wanted > 0) this.wanted--;
    this.budget.endWindow(WRITTEN * this.contention.perWindow);
  }
}
