/** What fixes an answer (query, data version, hash of the result), and whether a link to it still holds. */

import type { Answer } from "./answer";
import { h, root } from "./dom";

export interface Permalink { query: string; build: string; sha256: string }

/** What the address of this page refers to, if anything. */
export function linked(): Permalink | null {
  const given = new URLSearchParams(location.search);
  const [query, build, sha256] = ["query", "build", "sha256"].map((name) => given.get(name));
  return query && build && sha256 ? { query, build, sha256 } : null;
}

/** The address of the page that shows a query, or an answer to it. */
export function address(query: string, link?: Permalink): string {
  const names = new URLSearchParams({ query, ...(link ? { build: link.build, sha256: link.sha256 } : {}) });
  return `${root}/query?${names}`;
}

/** In words, whether an answer is the one that a link refers to. */
export function compare(link: Permalink, now: Permalink): { holds: boolean; text: string } {
  const [same, fresh] = [link.sha256 === now.sha256, link.build !== now.build];
  if (same) return { holds: true, text: fresh ? "The data have changed since this link was made; the answer is the same." : "The answer is the one that this link was made of: same data, same result." };
  const text = fresh
    ? `The answer has changed since this link was made, on data version ${link.build}; here is the present one.`
    : "The data version is the one of the link, and the result is not: the link has been changed.";
  return { holds: false, text };
}

/** Data version, hash, link and bibliography of an answer. */
export function reference(answer: Answer, query: string): HTMLElement {
  const cite = answer.cite;
  if (!cite?.permalink) return h("div");
  const link = cite.permalink;
  const path = address(query, link);
  const copy = h("button", { type: "button", class: "quiet" }, "Copy permalink");
  copy.addEventListener("click", () => void copied(copy, new URL(path, location.href).href));
  const listed = cite.bibliography;
  const sources = listed?.csl?.length
    ? [h("dt", {}, "Its sources"), h("dd", {}, file("BibTeX", "sources.bib", listed.bibtex ?? ""), ", ", file("CSL-JSON", "sources.json", JSON.stringify(listed.csl, null, 1)))]
    : [];
  const record = h("dl", { class: "reference" },
    h("dt", {}, "This answer"), h("dd", {}, h("a", { href: path, rel: "bookmark" }, "Permalink"), " ", copy),
    h("dt", {}, "Data version"), h("dd", {}, h("code", {}, link.build)),
    h("dt", {}, "Result, SHA-256"), h("dd", {}, h("code", {}, link.sha256)),
    ...sources);
  return h("section", { "aria-label": "How to cite this answer" }, record);
}

function file(name: string, download: string, text: string): HTMLElement {
  return h("a", { href: `data:text/plain;charset=utf-8,${encodeURIComponent(text)}`, download }, name);
}

export async function copied(button: HTMLElement, text: string): Promise<void> {
  const before = button.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Copy it from the address bar";
    history.replaceState(null, "", text);
  }
  window.setTimeout(() => (button.textContent = before), 2000);
}
