/** Where things are: WKT literals (OGC GeoSPARQL), pairs of latitude and longitude, or what the graph has of an entity. */

import type { Geometry, Position } from "geojson";
import { parse } from "wellknown";

import { columnsWhere, isNumber, type Answer, type Row, type Term } from "./answer";
import { labelOf } from "./chart";
import { root } from "./dom";

export interface Place { shape: Geometry; label: string; link: Term | undefined }
type Find = (row: Row) => Geometry | null;

const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#";
const LATITUDE_FIRST = /\/EPSG\/0\/4326$/;
const LONGITUDE_FIRST = /\/OGC\/1\.3\/CRS84$/;
const ASKED = 500;

/** The places of an answer's rows, by what stands in their columns; none where no column is a place. */
export function placesOf(answer: Answer): Place[] {
  const find = finder(answer);
  return find ? found(answer, find, "") : [];
}

/** The places that the graph has of the things in an answer. */
export async function lookUp(answer: Answer): Promise<Place[]> {
  for (const name of columnsWhere(answer, (term) => term?.type === "uri")) {
    const iris = [...new Set((answer.results?.bindings ?? []).map((row) => row[name]?.value))].slice(0, ASKED);
    const shapes = await ask(iris.filter((iri) => iri !== undefined));
    if (shapes.size) return found(answer, (row) => shapes.get(row[name]?.value ?? "") ?? null, name);
  }
  return [];
}

function found(answer: Answer, find: Find, name: string): Place[] {
  const places = (answer.results?.bindings ?? []).map((row) => {
    const link = name ? row[name] : Object.values(row).find((term) => term?.type === "uri");
    return { shape: find(row), label: labelOf(answer, spoken(row), ""), link };
  });
  return places.filter((place): place is Place => place.shape !== null);
}

/** Of a row, what names a place: its texts, or else its IRIs. */
function spoken(row: Row): Row {
  const terms = Object.entries(row).filter(([, term]) => term && !shapeOf(term) && !isNumber(term));
  const texts = terms.filter(([, term]) => term?.type !== "uri");
  return Object.fromEntries(texts.length ? texts : terms);
}

function finder(answer: Answer): Find | null {
  const [wkt] = columnsWhere(answer, (term) => shapeOf(term) !== null);
  if (wkt) return (row) => shapeOf(row[wkt]);
  const numbers = columnsWhere(answer, isNumber);
  for (const latitude of numbers) {
    const begin = /^(.*?)_?lat(?:itude)?$/i.exec(latitude)?.[1];
    const longitude = numbers.find((name) => /^(.*?)_?(?:lon|long|lng|longitude)$/i.exec(name)?.[1] === begin);
    if (begin !== undefined && longitude) return (row) => point(row[longitude], row[latitude]);
  }
  return null;
}

/** The shape that a WKT literal means, longitude first; null for what is none, or in another reference system. */
export function shapeOf(term: Term | undefined): Geometry | null {
  if (term?.datatype !== WKT) return null;
  const [, system, text] = /^(?:<([^>]*)>\s*)?([\s\S]*)$/.exec(term.value.trim())!;
  if (system && !LATITUDE_FIRST.test(system) && !LONGITUDE_FIRST.test(system)) return null;
  const shape = parse(text!) as Geometry | null;
  if (!shape) return null;
  const turned = system && LATITUDE_FIRST.test(system) ? turn(shape) : shape;
  return positions(turned).every(isOnEarth) && positions(turned).length ? turned : null;
}

function point(longitude: Term | undefined, latitude: Term | undefined): Geometry | null {
  if (!longitude || !latitude) return null;
  const position = [Number(longitude.value), Number(latitude.value)];
  return isOnEarth(position) ? { type: "Point", coordinates: position } : null;
}

function isOnEarth([longitude, latitude]: Position): boolean {
  return Math.abs(longitude!) <= 180 && Math.abs(latitude!) <= 90;
}

export function positions(shape: Geometry): Position[] {
  return shape.type === "GeometryCollection" ? shape.geometries.flatMap(positions) : collect(shape.coordinates);
}

function collect(inner: unknown): Position[] {
  if (!Array.isArray(inner)) return [];
  return typeof inner[0] === "number" ? [inner as Position] : inner.flatMap(collect);
}

function turn(shape: Geometry): Geometry {
  const swap = (inner: unknown): unknown =>
    Array.isArray(inner) && typeof inner[0] === "number" ? [inner[1], inner[0]] : (inner as unknown[]).map(swap);
  if (shape.type === "GeometryCollection") return { ...shape, geometries: shape.geometries.map(turn) };
  return { ...shape, coordinates: swap(shape.coordinates) } as Geometry;
}

async function ask(iris: string[]): Promise<Map<string, Geometry>> {
  const query = `SELECT ?thing ?shape ?latitude ?longitude WHERE { VALUES ?thing { ${iris.map((iri) => `<${iri}>`).join(" ")} }
    { ?thing ?property ?shape FILTER(DATATYPE(?shape) = <${WKT}>) }
    UNION { ?thing <${WGS84}lat> ?latitude ; <${WGS84}long> ?longitude } }`;
  const headers = { accept: "application/sparql-results+json" };
  const response = await fetch(`${root}/sparql`, { method: "POST", headers, body: new URLSearchParams({ query }) });
  if (!response.ok) return new Map();
  const rows = ((await response.json()) as Answer).results?.bindings ?? [];
  const pairs = rows.map((row): [string, Geometry | null] => [row.thing!.value, shapeOf(row.shape) ?? point(row.longitude, row.latitude)]);
  return new Map(pairs.filter((pair): pair is [string, Geometry] => pair[1] !== null));
}
