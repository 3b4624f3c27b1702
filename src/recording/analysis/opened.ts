// Recording, analysis: a recording that is open, and its figures by the span that was asked for last. Pure.

import type { Profile } from "../../model/profile.ts";
import type { Range } from "../../protocol/panel.ts";
import type { DetailsView, SiteDetails, SiteRef } from "../../protocol/siteDetails.ts";
import { type Figures, figuresOf } from "../figures.ts";
import { listed } from "./listed.ts";
import type { ShownFigures } from "./messages.ts";

export class OpenedProfile {
  #shown: { readonly range: Range | null; readonly figures: Figures } | null = null;

  constructor(private readonly profile: Profile) {}

  /** @param range null: the whole session */
  figures(range: Range | null): ShownFigures {
    return listed(this.#in(range));
  }

  /** Null where the site is not among the span's. */
  details(range: Range | null, site: SiteRef, view: DetailsView): SiteDetails | null {
    return this.#in(range).details(site, view);
  }

  #in(range: Range | null): Figures {
    const { fromMs, toMs } = this.#shown?.range ?? {};
    if (this.#shown === null || fromMs !== range?.fromMs || toMs !== range?.toMs)
      this.#shown = { range, figures: figuresOf(this.profile, 0, range) };
    return this.#shown.figures;
  }
}
