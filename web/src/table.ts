/** An answer as a table, each row with the passages that it rests on where the service cites. */

import type { Answer, Citation, Cite, CitedFact, Row, Term } from "./answer";
import { h, root } from "./dom";

const SHOWN = 1000;

export function table(answer: Answer): HTMLElement {
  const names = answer.head.vars ?? [];
  const rows = answer.results?.bindings ?? [];
  const cite = answer.cite && !answer.cite.reason ? answer.cite : undefined;
  const heads = [...names, ...(cite ? ["cited from"] : [])].map((name) => h("th", { scope: "col" }, name));
  const body = rows.slice(0, SHOWN).map((row, index) => tableRow(names, row, cite, index));
  const whole = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...body));
  const note = rows.length > SHOWN ? `The first ${SHOWN} of ${rows.length} rows; a download has them all.` : "";
  const reason = answer.cite?.reason ? `Without sources: ${answer.cite.reason}` : "";
  const remarks = [note, reason, ...Object.values(answer.cite?.notes ?? {})];
  return h("div", { class: "results" }, whole, ...remarks.filter(Boolean).map((text) => h("p", { class: "explain" }, text)));
}

function tableRow(names: string[], row: Row, cite: Cite | undefined, index: number): HTMLElement {
  const cells = names.map((name) => h("td", {}, ...(row[name] ? [value(row[name])] : [])));
  return h("tr", {}, ...cells, ...(cite ? [h("td", {}, sources(cite, index))] : []));
}

/** A term to read: an IRI of this graph leads to its page. */
export function value(term: Term): HTMLElement {
  if (term.type !== "uri") {
    const language = term["xml:lang"];
    return h("span", language && language !== "en" ? { lang: language } : {}, term.value);
  }
  const place = /^(.*?\/)((?:entity|fact|source|citation)\/[^/]+)$/.exec(term.value)?.[2];
  const name = term.value.replace(/^.*[/#](?=.)/, "");
  const short = place?.startsWith("source/") ? place.slice("source/".length).replace("#", " ") : name;
  return h("a", { href: place ? `${root}/${place}` : term.value, title: term.value }, short);
}

/** The facts of a row's witnesses, folded away; a row without any says so. */
export function sources(cite: Cite, index: number): HTMLElement {
  const witnesses = cite.rows[index]?.witnesses ?? [];
  const facts = [...new Set(witnesses.flat())].map((place) => cite.facts[place]).filter((fact) => fact !== undefined);
  if (!facts.length) return h("span", { class: "explain" }, "rests on no fact");
  const passages = new Set(facts.flatMap((fact) => fact.citations.map((citation) => citation.passage)));
  const summary = h("summary", { class: "sources-of-row" }, `${passages.size} passage${passages.size === 1 ? "" : "s"}`);
  return h("details", {}, summary, h("ul", { class: "plain" }, ...facts.map((fact) => factOf(cite, fact))));
}

function factOf(cite: Cite, fact: CitedFact): HTMLElement {
  const statement = h("a", { href: `${root}/fact/${fact.fact.replace(/^.*\//, "")}` }, words(fact));
  const verdict = fact.verdict === "Accepted" ? [] : [" ", h("span", { class: `chip ${fact.verdict.toLowerCase()}` }, fact.verdict.toLowerCase())];
  const said = fact.citations.map((citation) => {
    const found = cite.passages[citation.passage];
    const words = found?.quote ? h("q", {}, found.quote) : (found?.digest ?? "");
    return h("div", {}, words, " ", value({ type: "uri", value: citation.passage }), ...origin(citation));
  });
  return h("li", {}, statement, ...verdict, ...said);
}

/** Of an extracted fact: the rule that found it, and how often such facts were right where that was measured. */
function origin({ method, rule, precision }: Citation): HTMLElement[] {
  if (method !== "Extracted") return [];
  const by = rule ? ` by rule ${rule}` : "";
  const measured = precision
    ? `${precision.share.toFixed(2)} of held-out facts of this kind were right (${precision.right} of ${precision.found})`
    : "how often such facts are right was not measured";
  return [h("small", {}, `extracted${by}; ${measured}`)];
}

function words(fact: CitedFact): string {
  return [fact.subject, fact.predicate, fact.object].map((term) => (term.type === "uri" ? term.value.replace(/^.*[/#](?=.)/, "") : term.value)).join(" · ");
}
