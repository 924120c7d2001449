// Reads a network with the library that a program of its own is made of, and prints its edges:
// Cytoscape.js reads what Cytoscape reads; graphology-gexf is how Gephi Lite reads GEXF.
import { readFileSync } from "node:fs";
import cytoscape from "cytoscape";
import { MultiDirectedGraph } from "graphology";
import gexf from "graphology-gexf";

const readers = {
  cytoscape(text) {
    const network = cytoscape({ headless: true, elements: JSON.parse(text).elements });
    return { nodes: network.nodes().map((node) => node.data()), edges: network.edges().map((edge) => edge.data()) };
  },
  gexf(text) {
    const network = gexf.parse(MultiDirectedGraph, text);
    return {
      nodes: network.mapNodes((id, data) => ({ ...data, id })),
      edges: network.mapEdges((id, data, source, target) => ({ ...data, id, source, target })),
    };
  },
};
const [format, path] = process.argv.slice(2);
process.stdout.write(JSON.stringify(readers[format](readFileSync(path, "utf8"))));
