/** The dates of an answer on a scale; the less precise the date, the wider the band. */

import { span, type Answer } from "./answer";
import { labelOf } from "./chart";
import { h, s } from "./dom";

const SHOWN = 300;

export function timeline(answer: Answer, dates: string[]): HTMLElement {
  const column = dates[0]!;
  const dated = (answer.results?.bindings ?? [])
    .map((row) => ({ row, span: spanOf(dates.map((name) => span(row[name]))) }))
    .filter((each): each is typeof each & { span: [number, number] } => each.span !== null)
    .sort((one, other) => one.span[0] - other.span[0])
    .slice(0, SHOWN);
  const first = Math.floor(Math.min(...dated.map((each) => each.span[0])));
  const last = Math.ceil(Math.max(...dated.map((each) => each.span[1])));
  const at = (year: number): number => ((year - first) / Math.max(last - first, 1)) * 100;
  const rows = dated.map(({ row, span: [from, to] }) => {
    const band = s("svg", { height: 12, width: "100%", class: "band", "aria-hidden": "true" },
      s("line", { x1: 0, x2: "100%", y1: 6, y2: 6 }),
      s("rect", { x: `${Math.min(at(from), 99.4)}%`, width: `${Math.max(at(to) - at(from), 0.6)}%`, y: 1.5, height: 9, rx: 3, fill: "var(--accent)" }));
    return h("tr", {}, h("td", { class: "date" }, row[column]?.value ?? ""), h("td", {}, labelOf(answer, row, column)), h("td", { class: "plot" }, band));
  });
  const heads = [column, "What", `${first} to ${last}`].map((name) => h("th", { scope: "col" }, name));
  return h("div", { class: "results" }, h("table", { class: "timeline" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows)));
}

/** From the first to the last of some spans. */
function spanOf(spans: ([number, number] | null)[]): [number, number] | null {
  const known = spans.filter((each) => each !== null);
  return known.length ? [Math.min(...known.map((each) => each[0])), Math.max(...known.map((each) => each[1]))] : null;
}
