// Panel, the foot: what Darcy's own code takes, what was dropped, on which machine; the machine's sheet on demand.

import { fixed, formatCores, formatMore } from "../src/model/format.ts";
import { said, t } from "../src/model/l10n.ts";
import type { Report, SelfOverhead } from "../src/protocol/report.ts";
import { element, setAttribute, setHidden, setText } from "./element.ts";
import { fineShare, plural } from "./figures.ts";
import { icon } from "./icons.ts";
import { type Dispatch, measured, type Part } from "./part.ts";
import { makeSheet } from "./sheet.ts";
import type { Model } from "./state.ts";

export function makeFoot(dispatch: Dispatch, showKeys: () => void): Part {
  const ownText = element("span");
  const leftOut = element("span", "wide-only", [`, ${t("left out of all figures")}`]);
  const ofTheTime = element("span");
  const own = element("span", "own-cost", [
    icon("pulse", 14),
    element("span", "", [ownText, leftOut, ofTheTime]),
  ]);
  const recorded = element("span", "recorded");
  const dropped = element("span");
  const machine = element("span");
  const toggle = element("button", "foot-button", [t("Machine sheet")], {
    type: "button",
    "aria-expanded": "false",
  });
  toggle.addEventListener("click", () => dispatch({ type: "toggleSheet" }));
  const keys = element("button", "foot-button", [t("Keys")], {
    type: "button",
    title: t("Show the keys (?)"),
  });
  keys.addEventListener("click", showKeys);
  const sheet = makeSheet("whole");
  const line = element("div", "foot-line", [
    own,
    dropped,
    recorded,
    element("span", "spring"),
    machine,
    keys,
    toggle,
  ]);
  const root = element("footer", "foot", [sheet.root, line]);
  return {
    root,
    show(model: Model) {
      const report = model.panel?.report ?? null;
      setHidden(root, report === null);
      if (report === null) return;
      const { measuredShare = 1, selfOverhead } = report;
      const share = selfOverhead.share === null ? null : selfOverhead.share * measuredShare;
      const compared = selfOverhead.compared ?? null;
      setText(
        ownText,
        measured(model.panel) === null
          ? t("What Darcy’s own code takes is shown with the first requests")
          : compared !== null
            ? t(
                "Darcy costs this server {0} processor time",
                formatMore((compared.ratio - 1) * measuredShare),
              )
            : share === null
              ? t("What Darcy’s own code takes is not known")
              : t("Darcy’s own code {0} of processor time", fineShare(share)),
      );
      const costs = measured(model.panel) !== null && (share !== null || compared !== null);
      setHidden(leftOut, !costs || compared !== null);
      setHidden(ofTheTime, !costs || measuredShare >= 1);
      setText(ofTheTime, `; ${t("measured {0} of the time", fineShare(measuredShare))}`);
      setAttribute(own, "title", ownTitle(selfOverhead));
      setText(dropped, droppedText(report.dropped));
      setHidden(dropped, measured(model.panel) === null);
      setText(recorded, model.panel?.phase === "readOnly" ? recordedText(report) : "");
      setAttribute(recorded, "title", recordedText(report));
      setText(machine, t("Node {0}, {1}", report.node.replace(/^v/, ""), formatCores(report.availableCores)));
      setAttribute(machine, "title", `${report.platform} ${report.arch}`);
      setHidden(toggle, report.calibration === null);
      setAttribute(toggle, "aria-expanded", `${model.ui.sheet}`);
      sheet.show(report.calibration);
      setHidden(sheet.root, !model.ui.sheet || report.calibration === null);
    },
  };
}

/** A page that somebody was sent says of itself what it is of. */
function recordedText({ command, startedAt, commit }: Report): string {
  const at = new Date(startedAt);
  const when = Number.isNaN(at.getTime())
    ? ""
    : at.toLocaleString(navigator.language, {
        dateStyle: "medium",
        timeStyle: "short",
      });
  const what = [command.join(" "), when, commit === null || commit === undefined ? "" : commit.slice(0, 7)];
  return what.filter((text) => text !== "").join(" · ");
}

function ownTitle({ microsPerRequest: each, stacksPerSecond, compared }: SelfOverhead): string | null {
  if (each === null) return null;
  const [own, stacks] = [fixed(each, 1), fixed(stacksPerSecond, 0)];
  if (!compared)
    return t(
      "{0} µs/req, {1} stacks/s; the server pays more, for what V8 does differently meanwhile",
      own,
      stacks,
    );
  const { ratio, halfWidth, rests } = compared;
  const error = halfWidth === null ? "" : ` ± ${fineShare(halfWidth)}`;
  return t(
    "A request takes {0} processor time while it is measured, compared with {1}. Darcy’s own code: {2} µs/req, {3} stacks/s, left out of all figures",
    `${formatMore(ratio - 1)}${error}`,
    plural(rests, said("{0} rest"), said("{0} rests")),
    own,
    stacks,
  );
}

function droppedText({
  windows,
  samples,
  frames,
}: {
  windows: number;
  samples: number;
  frames: number;
}): string {
  const parts = [
    windows > 0 ? plural(windows, said("{0} window"), said("{0} windows")) : "",
    plural(samples, said("{0} sample"), said("{0} samples")),
    frames > 0 ? plural(frames, said("{0} frame"), said("{0} frames")) : "",
  ];
  return t("{0} dropped", parts.filter((part) => part !== "").join(", "));
}
