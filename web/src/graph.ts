/** Two columns of IRIs as a graph, laid out by forces. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";

import type { Answer, Term } from "./answer";
import { h, s } from "./dom";
import { value } from "./table";

interface Node extends SimulationNodeDatum { term: Term; degree: number }

const SHOWN = 300;
const STEPS = 250;
/** How strongly all is drawn to the middle, so that what hangs together with nothing else does not drift away. */
const PULL = 0.07;

export function graph(answer: Answer, from: string, to: string): HTMLElement {
  const nodes = new Map<string, Node>();
  const node = (term: Term): Node => {
    const known = nodes.get(term.value) ?? { term, degree: 0 };
    nodes.set(term.value, known);
    known.degree += 1;
    return known;
  };
  const links = (answer.results?.bindings ?? []).slice(0, SHOWN)
    .filter((row) => row[from]?.type === "uri" && row[to]?.type === "uri")
    .map((row) => ({ source: node(row[from]!), target: node(row[to]!) }));
  const all = [...nodes.values()];
  forceSimulation(all)
    .force("link", forceLink(links).distance(90))
    .force("charge", forceManyBody().strength(-160))
    .force("collide", forceCollide(22))
    .force("x", forceX(0).strength(PULL))
    .force("y", forceY(0).strength(PULL * 1.6))
    .stop()
    .tick(STEPS);
  const lines = links.map(({ source, target }) =>
    s("line", { x1: source.x!, y1: source.y!, x2: target.x!, y2: target.y!, stroke: "var(--rule)" }));
  const drawing = s("svg", { viewBox: box(all), class: "fan", role: "group", "aria-label": `${from} and ${to} as a graph` }, ...lines, ...all.map(drawn));
  return h("div", { class: "results" }, drawing);
}

function drawn(node: Node): SVGElement {
  const link = value(node.term) as HTMLAnchorElement;
  const label = link.textContent ?? "";
  return s("a", { href: link.getAttribute("href") ?? "" },
    s("circle", { cx: node.x!, cy: node.y!, r: 4 + Math.sqrt(node.degree) * 1.5, fill: "var(--accent)" }),
    s("text", { x: node.x! + 9, y: node.y! + 4 }, label.length > 32 ? `${label.slice(0, 31)}…` : label));
}

function box(nodes: Node[]): string {
  const xs = nodes.map((node) => node.x!);
  const ys = nodes.map((node) => node.y!);
  const [left, top] = [Math.min(...xs) - 20, Math.min(...ys) - 20];
  return `${left} ${top} ${Math.max(...xs) - left + 220} ${Math.max(...ys) - top + 30}`;
}
