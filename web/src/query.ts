/** The query page: an editor with this graph's own words, and answers in several shapes. */

import { h, root } from "./dom";
import { createEditor, type Editor } from "./editor";
import type { Answer } from "./answer";
import { address, compare, copied, linked, type Permalink } from "./permalink";
import { showAnswer } from "./results";

interface Problem { detail: string; line?: number; column?: number }

const form = document.querySelector<HTMLFormElement>("#query-form")!;
const area = document.querySelector<HTMLTextAreaElement>("#sparql")!;
const cancel = document.querySelector<HTMLButtonElement>("#cancel")!;
const share = document.querySelector<HTMLButtonElement>("#share")!;
const elapsed = document.querySelector<HTMLElement>("#elapsed")!;
const problem = document.querySelector<HTMLElement>("#problem")!;
const link = linked();
const held = document.querySelector<HTMLElement>("#held");
const results = document.querySelector<HTMLElement>("#results")!;
let running: AbortController | null = null;

const editor: Editor = createEditor(area, () => void run());
cancel.addEventListener("click", () => running?.abort());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run();
});
document.querySelector<HTMLElement>(".bar label")!.hidden = true;
share.hidden = false;
share.addEventListener("click", () => void copied(share, new URL(address(editor.text()), location.href).href));
filterExamples();
showExample();
if (new URLSearchParams(location.search).size) void run();

/** Ask, and show what comes: `cite` brings the sources of each row where the service has it. */
async function run(): Promise<void> {
  running?.abort();
  const mine = (running = new AbortController());
  const begin = performance.now();
  const query = editor.text();
  history.replaceState(null, "", address(query, link?.query === query ? link : undefined));
  if (held) held.hidden = link?.query !== query;
  editor.mark(null);
  problem.hidden = true;
  cancel.hidden = false;
  elapsed.textContent = "Running …";
  try {
    const response = await ask(query, mine.signal);
    if (!response.ok) showProblem((await response.json()) as Problem);
    else await show(response, query, begin);
  } catch (error) {
    if ((error as Error).name === "AbortError") elapsed.textContent = running === mine ? "Cancelled" : "";
    else showProblem({ detail: "The service cannot be reached." });
  } finally {
    if (running === mine) cancel.hidden = true;
  }
}

function ask(query: string, signal: AbortSignal): Promise<Response> {
  const accept = "application/sparql-results+json, text/turtle;q=0.8, application/problem+json;q=0.5";
  const body = new URLSearchParams({ query, cite: "true" });
  return fetch(`${root}/sparql`, { method: "POST", headers: { accept }, body, signal });
}

async function show(response: Response, query: string, begin: number): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (type.startsWith("application/sparql-results+json")) {
    const answer = (await response.json()) as Answer;
    elapsed.textContent = `${count(answer)} in ${seconds(begin)}`;
    if (answer.cite?.permalink) tellWhetherHeld(answer.cite.permalink);
    showAnswer(results, answer, query, form.dataset.mapped === "yes");
  } else {
    const text = await response.text();
    elapsed.textContent = seconds(begin);
    results.replaceChildren(h("pre", { tabindex: "0" }, text));
  }
}

/** Say whether the link that led here still leads to the same answer. */
function tellWhetherHeld(now: Permalink): void {
  if (!held || !link) return;
  const { holds, text } = compare(link, now);
  held.textContent = text;
  held.classList.toggle("problem", !holds);
}

function count(answer: Answer): string {
  const rows = answer.results?.bindings.length;
  return rows === undefined ? "Answered" : `${rows} row${rows === 1 ? "" : "s"}`;
}

function seconds(begin: number): string {
  return `${((performance.now() - begin) / 1000).toFixed(2)} s`;
}

function showProblem(found: Problem): void {
  elapsed.textContent = "";
  results.replaceChildren();
  problem.hidden = false;
  problem.textContent = found.line ? `Line ${found.line}, column ${found.column}: ${found.detail}` : found.detail;
  if (found.line) editor.mark({ line: found.line, column: found.column ?? 1, message: found.detail });
}

/** Scroll the list of named queries, and not the page, to the one that is open. */
function showExample(): void {
  const list = document.querySelector<HTMLElement>(".list")!;
  const open = list.querySelector<HTMLElement>("[aria-current]");
  if (open) list.scrollTop = open.offsetTop - list.offsetTop - list.clientHeight / 3;
}

function filterExamples(): void {
  const pick = document.querySelector<HTMLInputElement>("#pick")!;
  const items = [...document.querySelectorAll<HTMLElement>("#examples li")];
  pick.hidden = false;
  pick.addEventListener("input", () => {
    const words = pick.value.toLowerCase();
    for (const item of items) item.hidden = !item.textContent!.toLowerCase().includes(words);
  });
}
