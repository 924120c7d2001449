/** The numbers of an answer as bars, one row each, beside what they are of. */

import type { Answer, Row } from "./answer";
import { h, s } from "./dom";

const SHOWN = 200;

export function chart(answer: Answer, numbers: string[]): HTMLElement {
  const rows = (answer.results?.bindings ?? []).slice(0, SHOWN);
  const column = numbers[0]!;
  const select = h("select", { "aria-label": "Column" }, ...numbers.map((name) => h("option", {}, name)));
  const holder = h("div");
  const draw = (): void => holder.replaceChildren(bars(answer, rows, select.value || column));
  select.addEventListener("change", draw);
  draw();
  return h("div", { class: "results" }, ...(numbers.length > 1 ? [select] : []), holder);
}

function bars(answer: Answer, rows: Row[], column: string): HTMLElement {
  const numbers = rows.map((row) => Number(row[column]?.value ?? "0"));
  const low = Math.min(0, ...numbers);
  const width = Math.max(0, ...numbers) - low || 1;
  const lines = rows.map((row, index) => {
    const number = numbers[index]!;
    const start = ((Math.min(number, 0) - low) / width) * 100;
    const bar = s("svg", { height: 14, width: "100%", "aria-hidden": "true" },
      s("rect", { x: `${start}%`, width: `${Math.max((Math.abs(number) / width) * 100, 0.4)}%`, y: 2, height: 10, rx: 2, fill: "var(--accent)" }));
    return h("tr", {}, h("td", {}, labelOf(answer, row, column)), h("td", { class: "plot" }, bar), h("td", { class: "figure" }, number.toLocaleString("en")));
  });
  const heads = ["What", "Chart", column].map((name) => h("th", { scope: "col" }, name));
  return h("table", { class: "chart" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines));
}

export function labelOf(answer: Answer, row: Row, but: string): string {
  const others = (answer.head.vars ?? []).filter((name) => name !== but && row[name]);
  return others.slice(0, 3).map((name) => row[name]!.value.replace(/^https?:.*[/#](?=.)/, "")).join(", ");
}
