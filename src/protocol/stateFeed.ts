// Leaf: both ends of the way from the host to the panel: the whole state once, then what becomes other, numbered. Where a number
// is missing the panel asks for the whole state again.

import { difference, patched } from "./delta.ts";
import { PANEL_VERSION, type PanelState, type ToPanel } from "./panel.ts";
import type { Hotspot } from "./report.ts";
import { siteName } from "./siteDetails.ts";

export type StateMessage = Extract<ToPanel, { readonly type: "state" | "delta" }>;

export class StateSender {
  #last: PanelState | null = null;
  #sequence = 0;

  /** What the other end has. */
  get last(): PanelState | null {
    return this.#last;
  }

  /** The next one is the whole state. */
  restart(): void {
    this.#last = null;
  }

  /** Null: nothing became other. */
  next(state: PanelState): StateMessage | null {
    const last = this.#last;
    this.#last = state;
    if (last === null) return { type: "state", version: PANEL_VERSION, sequence: ++this.#sequence, state };
    const delta = difference(last, state, nameOf);
    if (delta === undefined) return null;
    return { type: "delta", version: PANEL_VERSION, sequence: ++this.#sequence, delta };
  }
}

export class StateReceiver {
  #last: { readonly state: PanelState; readonly sequence: number } | null = null;

  /** @param message of this version. Null: something is missing; the whole state is to be asked for */
  take(message: StateMessage): PanelState | null {
    const { sequence } = message;
    if (message.type === "state") this.#last = { state: message.state, sequence };
    else if (this.#last?.sequence === sequence - 1) this.#last = after(this.#last.state, message);
    else this.#last = null;
    return this.#last?.state ?? null;
  }
}

function after(
  before: PanelState,
  { sequence, delta }: Extract<StateMessage, { readonly type: "delta" }>,
): { readonly state: PanelState; readonly sequence: number } | null {
  try {
    return { state: patched(before, delta) as PanelState, sequence };
  } catch {
    return null;
  }
}

/** Hotspots move in their list. */
function nameOf(entry: object): string | null {
  return isHotspot(entry) ? siteName(entry) : null;
}

function isHotspot(entry: object): entry is Hotspot {
  return "impactMicrosPerRequest" in entry && "callee" in entry && "basis" in entry && "category" in entry;
}
