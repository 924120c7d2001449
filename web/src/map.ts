/** Places on the outline of the land, which comes with the program: no tile is asked of anybody. */

import { geoCentroid, geoEqualEarth, geoGraticule10, geoPath, type GeoProjection } from "d3-geo";
import type { Feature, Geometry, MultiPoint, Position } from "geojson";
import { feature } from "topojson-client";
import type { GeometryObject, Topology } from "topojson-specification";
import world from "world-atlas/land-110m.json";

import { h, s } from "./dom";
import { positions, type Place } from "./places";
import { value } from "./table";

const SHAPE = 0.54;
const EDGE = 24;
const NAME = 120;
const MARGIN = 4;
const NAMED = 40;
const STEP = 1.6;
type Size = [number, number];

const topology = world as unknown as Topology;
const land = feature(topology, topology.objects.land as GeometryObject);

export function map(places: Place[]): HTMLElement {
  let zoom = 1;
  let whole = false;
  const holder = h("div");
  const width = Math.min(960, Math.max(340, document.querySelector("#results")?.clientWidth ?? 960));
  const size: Size = [width, Math.max(300, width * SHAPE)];
  const draw = (): void => holder.replaceChildren(drawing(places, projection(places, size, whole, zoom), size, zoom));
  const button = (name: string, act: () => void): HTMLElement => {
    const made = h("button", { type: "button" }, name);
    made.addEventListener("click", () => {
      act();
      draw();
    });
    return made;
  };
  draw();
  const bar = h("div", { class: "bar", role: "group", "aria-label": "Map" },
    button("Zoom in", () => (zoom *= STEP)),
    button("Zoom out", () => (zoom /= STEP)),
    button("Places", () => ([whole, zoom] = [false, 1])),
    button("World", () => ([whole, zoom] = [true, 1])));
  return h("div", { class: "results" }, bar, holder, listed(places));
}

/** All of the earth, or as much of it as the places need, turned so that they lie in the middle. */
function projection(places: Place[], [width, height]: Size, whole: boolean, zoom: number): GeoProjection {
  const spots: MultiPoint = { type: "MultiPoint", coordinates: places.flatMap((place) => positions(place.shape)) };
  const made = geoEqualEarth();
  const right = whole ? EDGE : Math.min(NAME, width / 4);
  const frame: [Size, Size] = [[EDGE, EDGE], [width - right, height - EDGE]];
  if (whole) made.fitExtent(frame, { type: "Sphere" });
  else made.rotate([-geoCentroid(spots)[0], 0]).fitExtent(frame, around(spots));
  const [x, y] = made.translate();
  const scale = made.scale();
  return made.scale(scale * zoom).translate([width / 2 + (x - width / 2) * zoom, height / 2 + (y - height / 2) * zoom]);
}

/** The places with a margin (degrees) about each, so that one of them is not the whole world. */
function around(spots: MultiPoint): MultiPoint {
  const steps = [-MARGIN, 0, MARGIN];
  const near = ([longitude, latitude]: Position): Position[] =>
    steps.flatMap((x) => steps.map((y) => [longitude! + x, Math.max(-89, Math.min(89, latitude! + y))]));
  return { type: "MultiPoint", coordinates: spots.coordinates.flatMap(near) };
}

function drawing(places: Place[], made: GeoProjection, [width, height]: Size, zoom: number): SVGElement {
  const path = geoPath(made).pointRadius(5);
  const draw = (shape: Feature | Geometry | { type: "Sphere" }): string => path(shape as Geometry) ?? "";
  const named = places.length <= NAMED * zoom;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, class: "map", role: "group", "aria-label": `${places.length} places on a map` },
    s("path", { class: "sea", d: draw({ type: "Sphere" }) }),
    s("path", { class: "graticule", d: draw(geoGraticule10()) }),
    s("path", { class: "land", d: path(land) ?? "" }),
    ...places.map((place) => drawn(place, path, draw, named)));
}

function drawn(place: Place, path: ReturnType<typeof geoPath>, draw: (shape: Geometry) => string, named: boolean): SVGElement {
  const [x, y] = path.centroid(place.shape);
  const title = s("title", {}, place.label);
  const name = place.label.length > 32 ? `${place.label.slice(0, 31)}…` : place.label;
  const text = named && Number.isFinite(x) ? [s("text", { x: x! + 8, y: y! + 4 }, name)] : [];
  const parts = [title, s("path", { class: place.shape.type.includes("Point") ? "spot" : "shape", d: draw(outline(place.shape)) }), ...text];
  const href = place.link && value(place.link).getAttribute("href");
  return href ? s("a", { href }, ...parts) : s("g", {}, ...parts);
}

/** Areas as their rims: on a globe, whether a ring is filled inside or outside hangs on its direction. */
function outline(shape: Geometry): Geometry {
  if (shape.type === "Polygon") return { type: "MultiLineString", coordinates: shape.coordinates };
  if (shape.type === "MultiPolygon") return { type: "MultiLineString", coordinates: shape.coordinates.flat() };
  return shape;
}

function listed(places: Place[]): HTMLElement {
  const rows = places.map((place) => {
    const [longitude, latitude] = geoCentroid(place.shape);
    return h("tr", {}, h("td", {}, place.label), h("td", { class: "figure" }, degrees(latitude, "N", "S")), h("td", { class: "figure" }, degrees(longitude, "E", "W")));
  });
  const heads = ["Place", "Latitude", "Longitude"].map((name) => h("th", { scope: "col" }, name));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
  return h("details", {}, h("summary", {}, `${places.length} place${places.length === 1 ? "" : "s"} as a table`), table);
}

function degrees(number: number, positive: string, negative: string): string {
  return `${Math.abs(number).toFixed(2)}° ${number < 0 ? negative : positive}`;
}
