// Runtime: what a request costs without us: for a stretch of a rest nothing but the number of requests that end is looked at,
// and the processor time of the process. What Darcy costs is known by it, also what V8 does otherwise because of it.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { PlainFigures } from "../../../protocol/window.ts";

const FINISH = "http.server.response.finish";
const cpuUsage = process.cpuUsage.bind(process);

export class PlainLook {
  private requests = 0;
  private cpuMicros = 0;
  private looks = false;
  private told: PlainFigures | null = null;
  private readonly onFinish = () => {
    this.requests++;
  };

  /** @param mainThread processor time is the process's: one of its threads tells it */
  constructor(private readonly mainThread: boolean) {}

  begin(): void {
    if (this.looks) return;
    this.looks = true;
    this.requests = 0;
    this.cpuMicros = this.mainThread ? spentMicros() : 0;
    subscribe(FINISH, this.onFinish);
  }

  /** The stretch is over as it was meant to be. */
  end(): void {
    if (!this.looks) return;
    const cpuMicros = this.mainThread ? spentMicros() - this.cpuMicros : null;
    this.told = { rests: 1, requests: this.requests, cpuMicros };
    this.cancel();
  }

  /** Of a stretch that was cut short nothing is told. */
  cancel(): void {
    if (this.looks) unsubscribe(FINISH, this.onFinish);
    this.looks = false;
  }

  /** Of the stretch that ended since the last call; null: there is none. */
  take(): PlainFigures | null {
    const { told } = this;
    this.told = null;
    return told;
  }
}

function spentMicros(): number {
  const { user, system } = cpuUsage();
  return user + system;
}
