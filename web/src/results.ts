/** An answer in tabs: a table always; a chart, a timeline, a graph where the columns allow. */

import { columnsWhere, isNumber, span, type Answer } from "./answer";
import { chart } from "./chart";
import { h, root } from "./dom";
import { graph } from "./graph";
import { table } from "./table";
import { timeline } from "./timeline";

interface View { name: string; show: () => Element }

const FORMATS = ["csv", "tsv", "json", "xml"];

export function showAnswer(into: HTMLElement, answer: Answer, query: string): void {
  if (answer.boolean !== undefined) {
    into.replaceChildren(h("p", { class: "big" }, answer.boolean ? "Yes" : "No"));
    return;
  }
  const panel = h("div", { role: "tabpanel", id: "panel", tabindex: "0", "aria-label": "Answer" });
  const tabs = h("div", { role: "tablist", "aria-label": "Views of the answer" });
  const buttons = views(answer).map((view, index) => {
    const tab: HTMLButtonElement = h("button", { type: "button", role: "tab", "aria-controls": "panel" }, view.name);
    tab.addEventListener("click", () => select(index, view));
    tab.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const next = buttons[(index + step + buttons.length) % buttons.length];
      if (step && next) {
        next.click();
        next.focus();
      }
    });
    return tab;
  });

  function select(index: number, view: View): void {
    buttons.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
    });
    panel.replaceChildren(view.show());
  }

  tabs.append(...buttons);
  into.replaceChildren(h("div", { class: "tabs" }, tabs, downloads(answer, query)), panel);
  const first = views(answer)[0];
  if (first) select(0, first);
}

function views(answer: Answer): View[] {
  const found: View[] = [{ name: "Table", show: () => table(answer) }];
  const numbers = columnsWhere(answer, isNumber);
  const dates = columnsWhere(answer, (term) => span(term) !== null);
  const links = columnsWhere(answer, (term) => term?.type === "uri");
  if (numbers[0]) found.push({ name: "Chart", show: () => chart(answer, numbers) });
  if (dates[0]) found.push({ name: "Timeline", show: () => timeline(answer, dates) });
  if (links[0] && links[1]) found.push({ name: "Graph", show: () => graph(answer, links[0]!, links[1]!) });
  return found;
}

function downloads(answer: Answer, query: string): HTMLElement {
  const links = FORMATS.flatMap((form) => {
    const address = `${root}/sparql?query=${encodeURIComponent(query)}&format=${form}`;
    return [h("a", { href: address, download: `answer.${form}` }, form.toUpperCase()), " "];
  });
  const bibtex = answer.cite?.bibliography?.bibtex;
  const cited = bibtex ? [h("a", { href: `data:text/plain;charset=utf-8,${encodeURIComponent(bibtex)}`, download: "sources.bib" }, "BibTeX")] : [];
  return h("span", { class: "downloads" }, "Download ", ...links, ...cited);
}
