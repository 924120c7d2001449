/** A CodeMirror editor for SPARQL, in a shadow root: there its styles need no leave from the page's policy. */

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql } from "codemirror-lang-sparql";

import { h, root } from "./dom";

export interface Mark { line: number; column: number; message: string }
export interface Editor { text(): string; mark(mark: Mark | null): void }

interface Term { id: string; label: string; total: number }
interface Overview { base: string; prefixes: Record<string, string>; classes: Term[]; properties: Term[] }
interface Hit { id: string; label: string | { "@value": string }; type?: string }

const KEYWORDS = (
  "SELECT CONSTRUCT ASK DESCRIBE WHERE PREFIX BASE DISTINCT OPTIONAL UNION MINUS GRAPH VALUES BIND FILTER EXISTS NOT " +
  "ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND IF COALESCE " +
  "CONTAINS STRSTARTS STRAFTER REGEX YEAR MONTH DAY VERSION"
).split(" ");

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "var(--good)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--amber)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.namespace, tags.propertyName, tags.url], color: "var(--ink)" },
  { tag: tags.number, color: "var(--red)" },
]);

const look = EditorView.theme({
  "&": { fontSize: "0.86rem", color: "var(--ink)" },
  ".cm-content": { fontFamily: "var(--mono)", minHeight: "15rem", caretColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--sunk)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { background: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "color-mix(in srgb, var(--accent) 24%, transparent) !important" },
  ".cm-tooltip": { background: "var(--raised)", color: "var(--ink)", border: "1px solid var(--rule)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent-soft)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--soft)" },
  ".cm-scroller": { overflow: "auto", maxHeight: "60vh" },
});

/** Put an editor in the place of a text area; Ctrl+Enter runs. */
export function createEditor(area: HTMLTextAreaElement, run: () => void): Editor {
  const host = h("div", { class: "editor" });
  const shadow = host.attachShadow({ mode: "open" });
  const parent = h("div");
  shadow.append(parent);
  area.hidden = true;
  area.after(host);
  document.querySelector(`label[for="${area.id}"]`)?.addEventListener("click", () => view.focus());
  const runKey = { key: "Mod-Enter", run: () => (run(), true) };
  const view = new EditorView({
    doc: area.value,
    parent,
    root: shadow,
    extensions: [
      Prec.highest(keymap.of([runKey])),
      basicSetup,
      sparql(),
      syntaxHighlighting(colours),
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "SPARQL query" }),
      autocompletion({ override: [complete] }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  });
  return { text: () => view.state.doc.toString(), mark: (mark) => setMark(view, mark) };
}

function setMark(view: EditorView, mark: Mark | null): void {
  if (!mark) return view.dispatch(setDiagnostics(view.state, []));
  const line = view.state.doc.line(Math.min(mark.line, view.state.doc.lines));
  const from = Math.min(line.from + mark.column - 1, line.to);
  const to = Math.max(line.to, from);
  view.dispatch(setDiagnostics(view.state, [{ from: from === to ? line.from : from, to, severity: "error", message: mark.message }]));
}

let overview: Promise<Overview> | undefined;

/** Keywords, prefixes, classes, properties, and entities by their names. */
async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w:?-]*$/);
  if (!word || (word.from === word.to && !context.explicit) || word.text.startsWith("?")) return null;
  overview ??= fetch(`${root}/api`).then((response) => response.json() as Promise<Overview>);
  const known = await overview;
  const terms = [
    ...known.classes.map((term) => option(known, term, "class")),
    ...known.properties.map((term) => option(known, term, "property")),
    ...Object.keys(known.prefixes).map((name): Completion => ({ label: `${name}:`, type: "namespace", detail: known.prefixes[name] })),
    ...KEYWORDS.map((name): Completion => ({ label: name, type: "keyword" })),
  ];
  return { from: word.from, options: [...terms, ...(await entities(known, word.text))], validFor: /^[\w-]*$/ };
}

function option(known: Overview, term: Term, type: string): Completion {
  return { label: short(known, term.id), type, detail: `${term.label}, ${term.total}` };
}

async function entities(known: Overview, text: string): Promise<Completion[]> {
  const words = text.replace(/^.*:/, "").replaceAll("-", " ");
  if (words.length < 2) return [];
  const response = await fetch(`${root}/api/suggest?q=${encodeURIComponent(words)}&limit=12`);
  if (!response.ok) return [];
  const { items } = (await response.json()) as { items: Hit[] };
  return items.map((hit) => ({
    label: short(known, hit.id),
    displayLabel: typeof hit.label === "string" ? hit.label : hit.label["@value"],
    detail: hit.type ?? "",
    type: "constant",
    boost: -1,
  }));
}

function short(known: Overview, iri: string): string {
  const fitting = Object.entries(known.prefixes).filter(([, space]) => iri.startsWith(space));
  const [name, space] = fitting.sort((one, other) => other[1].length - one[1].length)[0] ?? [];
  return space === undefined ? `<${iri}>` : `${name}:${iri.slice(space.length)}`;
}
