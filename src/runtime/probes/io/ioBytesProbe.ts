// Runtime: bytes of network and file input and output: what copies are held against.

import { noticeOpen, onFileHandles, whenPromisesAsked } from "../fileHandles.ts";
import { requestContext } from "../http/requestContext.ts";
import type { Probe, ProbeContext, WindowDraft } from "../probe.ts";
import { FileBytes } from "./fileBytes.ts";
import { NetworkBytes } from "./networkBytes.ts";

export class IoBytesProbe implements Probe {
  readonly name = "io.bytes";
  private readonly network = new NetworkBytes();
  private files: FileBytes | null = null;
  private fileBytes = 0;
  private unask: () => void = () => {};

  unavailable(): string | null {
    return null;
  }

  start(context: ProbeContext): void {
    const { meter, faults } = context;
    this.network.start(meter);
    const files = new FileBytes(meter, faults, this.name, (bytes) => this.moved(bytes));
    this.files = files;
    files.start();
    this.unask = whenPromisesAsked(this.name, context, (promises) =>
      files.onPromises(promises, () => noticeOpen(context)),
    );
    onFileHandles((prototype) => files.onHandles(prototype));
  }

  collect(window: WindowDraft): void {
    window.io = { ...this.network.take(), files: this.fileBytes };
    this.fileBytes = 0;
  }

  stop(): void {
    this.unask();
    this.network.stop();
    this.files?.stop();
  }

  private moved(bytes: number): void {
    this.fileBytes += bytes;
    const request = requestContext.current();
    if (request !== null) request.otherBytes += bytes;
  }
}
