// Report: the topology lab as Markdown, for VS Code's preview, a pull request or a ticket.

import { LAB_FIGURES, type Lab } from "../model/lab.ts";
import { LAB_NOTE, labCell, labName, labTitle } from "./labText.ts";
import { markdownTable, plain, sections } from "./markdownText.ts";

export function formatLabMarkdown(lab: Lab): string {
  const { rows, clear } = lab;
  const columns = [
    { title: "" },
    ...rows.map((row) => ({ title: plain(labName(row)), right: true })),
    { title: "clearly best" },
  ];
  const lines = LAB_FIGURES.map(({ id, title }) => [
    title,
    ...rows.map((row) => labCell(row.figures[id])),
    clear[id] === null ? "not clear" : `**${plain(clear[id])}**`,
  ]);
  return sections([[`${labTitle(lab)}.`], markdownTable(columns, lines), [LAB_NOTE.join(" ")]]);
}
