// Tests: asks a server a hundred times a second, whatever the machine does meanwhile: who is late catches up.

import { Agent, get } from "node:http";

const EVERY_MILLIS = 10;

export class PacedClient {
  /** While it asked. */
  millis = 0;
  answered = 0;
  private readonly agent = new Agent({ keepAlive: true });
  private waiting: { readonly count: number; readonly done: () => void }[] = [];

  get perSecond(): number {
    return (this.answered * 1_000) / this.millis;
  }

  /** @returns ends it when all is answered */
  ask(port: number): () => Promise<void> {
    const begun = performance.now();
    let asked = 0;
    const open = new Set<Promise<void>>();
    const askDue = () => {
      for (const due = (performance.now() - begun) / EVERY_MILLIS; asked < due; asked++) {
        const answer = this.answer(port).finally(() => open.delete(answer));
        open.add(answer);
      }
    };
    const timer = setInterval(askDue, EVERY_MILLIS);
    return async () => {
      clearInterval(timer);
      this.millis += performance.now() - begun;
      await Promise.all(open);
    };
  }

  /** Until so many more were answered. */
  more(count: number): Promise<void> {
    return new Promise((done) => this.waiting.push({ count: this.answered + count, done }));
  }

  close(): void {
    this.agent.destroy();
  }

  private async answer(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      get({ port, host: "127.0.0.1", agent: this.agent }, (response) =>
        response.resume().on("end", resolve),
      ).on("error", reject);
    });
    this.answered++;
    const due = this.waiting.filter(({ count }) => this.answered >= count);
    this.waiting = this.waiting.filter(({ count }) => this.answered < count);
    for (const { done } of due) done();
  }
}
