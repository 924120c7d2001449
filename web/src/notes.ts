/** The numbers behind facts open their passage on the spot; without scripts they lead to the end of the page. */

import { h } from "./dom";

export function popovers(): void {
  const card = h("div", { class: "popover", role: "dialog", "aria-label": "Passage", tabindex: "-1", hidden: true });
  let opener: HTMLElement | null = null;

  const close = (focus: boolean): void => {
    card.hidden = true;
    opener?.setAttribute("aria-expanded", "false");
    if (focus) opener?.focus();
    opener = null;
  };

  const open = (link: HTMLElement, note: Element): void => {
    close(false);
    card.replaceChildren(...[...note.children].map((child) => child.cloneNode(true)));
    card.hidden = false;
    const at = link.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 16);
    const below = at.bottom + 6 + card.offsetHeight < window.innerHeight || at.top < card.offsetHeight;
    card.style.left = `${Math.max(left, 8) + window.scrollX}px`;
    card.style.top = `${(below ? at.bottom + 6 : at.top - card.offsetHeight - 6) + window.scrollY}px`;
    link.setAttribute("aria-expanded", "true");
    opener = link;
    card.focus({ preventScroll: true });
  };

  document.body.append(card);
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const link = target.closest<HTMLElement>("a.ref[data-note]");
    const note = link && document.getElementById(`note-${link.dataset.note}`);
    if (link && note && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (opener === link) close(true);
      else open(link, note);
    } else if (!card.contains(target)) close(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !card.hidden) close(true);
  });
}
