/** An answer in tabs: a table always; a chart, a timeline, a graph where the columns allow. */

import { columnsWhere, isNumber, span, type Answer } from "./answer";
import { chart } from "./chart";
import { h, root } from "./dom";
import { graph } from "./graph";
import { map } from "./map";
import { reference } from "./permalink";
import { lookUp, placesOf, type Place } from "./places";
import { sources, table } from "./table";
import { timeline } from "./timeline";

interface View { name: string; show: () => Element }

const FORMATS = ["csv", "tsv", "json", "xml"];

/** Show an answer; `mapped`: whether the graph has coordinates, so that its things may be looked up. */
export function showAnswer(into: HTMLElement, answer: Answer, query: string, mapped: boolean): void {
  const end = reference(answer, query);
  if (answer.boolean !== undefined) {
    const cited = answer.boolean && answer.cite && !answer.cite.reason ? [sources(answer.cite, 0)] : [];
    into.replaceChildren(h("p", { class: "big" }, answer.boolean ? "Yes" : "No"), ...cited, end);
    return;
  }
  const panel = h("div", { role: "tabpanel", id: "panel", tabindex: "0", "aria-label": "Answer" });
  const tabs = h("div", { role: "tablist", "aria-label": "Views of the answer" });
  const buttons: HTMLButtonElement[] = [];

  function add(view: View): void {
    const index = buttons.length;
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
    tab.setAttribute("aria-selected", "false");
    tab.tabIndex = -1;
    buttons.push(tab);
    tabs.append(tab);
  }

  function select(index: number, view: View): void {
    buttons.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
    });
    panel.replaceChildren(view.show());
  }

  const offered = views(answer);
  offered.forEach(add);
  into.replaceChildren(h("div", { class: "tabs" }, tabs, downloads(query)), panel, end);
  if (offered[0]) select(0, offered[0]);
  const places = placesOf(answer);
  if (places.length) add(mapOf(places));
  else if (mapped) void lookUp(answer).then((found) => found.length && add(mapOf(found)));
}

function mapOf(places: Place[]): View {
  return { name: "Map", show: () => map(places) };
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

function downloads(query: string): HTMLElement {
  const links = FORMATS.flatMap((form) => {
    const address = `${root}/sparql?query=${encodeURIComponent(query)}&format=${form}`;
    return [h("a", { href: address, download: `answer.${form}` }, form.toUpperCase()), " "];
  });
  return h("span", { class: "downloads" }, "Download ", ...links);
}
