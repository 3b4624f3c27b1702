// Page: the comparison's host where there is no VS Code: its figures stand in the page.

import { COMPARE_VERSION, type CompareState, type FromCompareView } from "../protocol/comparePanel.ts";
import { PAGE_DATA } from "../protocol/pageData.ts";
import { answerView, openInEditor, textIn, title } from "./browser.ts";
import { unpack } from "./unpack.ts";

const shown = unpacked();

answerView<FromCompareView>(async (message) => {
  if (message.type === "ready") return send();
  if (message.type === "copy") return navigator.clipboard.writeText(message.text);
  if (message.type === "open") openInEditor(message.location);
});

async function unpacked(): Promise<CompareState> {
  return (await unpack(textIn(PAGE_DATA.shown)).json()) as CompareState;
}

async function send(): Promise<void> {
  const state = await shown.catch((): CompareState => {
    const [before = "", after = ""] = title.split(" → ");
    return {
      phase: "error",
      before: { path: before, name: before },
      after: { path: after, name: after },
      choices: [],
      fixed: true,
      comparison: null,
      series: null,
      omitted: 0,
      error: { message: "The comparison in this page is damaged.", remedy: "Make the page again." },
    };
  });
  window.postMessage({ type: "comparison", version: COMPARE_VERSION, state }, "*");
}
