/** Search as you type: a combobox by the ARIA pattern (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). */

import { debounce, h, root } from "./dom";

interface Hit { id: string; label: string | { "@value": string }; type?: string; matched?: string }

const WAIT = 60;

export function suggest(): void {
  const input = document.querySelector<HTMLInputElement>("#q");
  if (input?.form) new Suggestions(input, input.form);
}

class Suggestions {
  private readonly list = h("ul", { class: "options", role: "listbox", id: "options", "aria-label": "Names", hidden: true });
  private hits: Hit[] = [];
  private active = -1;
  private request = new AbortController();
  private base = "";

  constructor(private readonly input: HTMLInputElement, form: HTMLFormElement) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "options", "aria-autocomplete": "list" }))
      input.setAttribute(name, value);
    form.append(this.list);
    input.addEventListener("input", debounce(WAIT, () => void this.load()));
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !(event.target as Element).closest("input, textarea, select, .editor")) {
        event.preventDefault();
        input.focus();
      }
    });
  }

  private async load(): Promise<void> {
    const words = this.input.value.trim();
    this.request.abort();
    if (!words) return this.close();
    this.request = new AbortController();
    try {
      const signal = this.request.signal;
      this.base ||= ((await (await fetch(`${root}/api`, { signal })).json()) as { base: string }).base;
      const response = await fetch(`${root}/api/suggest?q=${encodeURIComponent(words)}`, { signal });
      if (response.ok) this.show(((await response.json()) as { items: Hit[] }).items);
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.close();
    }
  }

  private show(hits: Hit[]): void {
    this.hits = hits;
    this.active = -1;
    this.list.replaceChildren(...hits.map((hit, index) => this.option(hit, index)));
    this.list.hidden = hits.length === 0;
    this.input.setAttribute("aria-expanded", String(hits.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  private option(hit: Hit, index: number): HTMLLIElement {
    const name = typeof hit.label === "string" ? hit.label : hit.label["@value"];
    const also = hit.matched ? ` (${hit.matched})` : "";
    const option = h("li", { role: "option", id: `option-${index}`, "aria-selected": "false" }, h("span", {}, name + also), h("small", {}, hit.type ?? ""));
    option.addEventListener("mousedown", () => this.go(hit));
    return option;
  }

  private onKey(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.select((this.active + step + this.hits.length) % this.hits.length);
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Enter") {
      const hit = this.hits[this.active];
      if (hit) {
        event.preventDefault();
        this.go(hit);
      }
    }
  }

  private select(index: number): void {
    this.active = index;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    this.input.setAttribute("aria-activedescendant", `option-${index}`);
  }

  private go(hit: Hit): void {
    if (hit.id.startsWith(this.base)) location.assign(`${root}/${hit.id.slice(this.base.length)}`);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
