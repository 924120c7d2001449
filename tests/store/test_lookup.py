"""Look-ups on the small project, whose every fact can be checked by eye in tests/project."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NoBuild, QueryError, UnknownName
from kg.extract.precision import precision_of
from kg.graph.build import build
from kg.graph.index import INDEX
from kg.project import Project
from kg.store.build import Build
from kg.store.cursor import Place
from kg.store.facts import SORTS, Facts, Filter
from kg.store.figures import Figures
from kg.store.index import Index
from kg.store.lookup import Lookup
from kg.store.search import Search, match
from kg.store.shape import Json, context
from kg.store.verify import verify
from tests.pilot import copy_with_pilot

BASE = "https://canal.example/"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    root = Path(__file__).parent.parent
    folder = tmp_path_factory.mktemp("index")
    project = Project.open(root / "project")
    shadow = folder / "canal"
    shadow.mkdir()
    for name in ("kg.toml", "corpus", "queries"):
        (shadow / name).symlink_to(project.root / name)
    (shadow / "ontology").symlink_to(root.parent / "ontology")
    return Index(Build.open(build(Project.open(shadow)).path))


def values(facts: list[Json]) -> list[str]:
    return [fact["object"].get("label") or fact["object"]["value"] for fact in facts]


def test_an_entity(index: Index) -> None:
    assert Lookup(index).entity("suez-canal-company") == {
        "id": BASE + "entity/suez-canal-company",
        "type": ["Organisation"],
        "label": "Suez Canal Company",
        "alias": ["the company"],
        "links": 3,
    }


def test_a_fact_with_its_citation(index: Index) -> None:
    [fact], following = Facts(index).page(Filter(subject="opening", predicate="date"))
    assert following == ""
    assert (fact["object"]["value"], fact["verdict"], fact["status"]) == (
        "1869-11-17",
        "Accepted",
        "single-source",
    )
    assert fact["holds"] == {"from": "1869-11-17", "to": "1869-11-17"}
    [citation] = fact["citation"]
    assert citation["passage"]["id"] == BASE + "source/canal#p1"
    assert citation["passage"]["position"]["start"] == 19
    assert citation["passage"]["quote"]["exact"].endswith("1869.")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(predicate="kg:party"), ["Egypt", "Suez Canal Company"]),
        (Filter(about="Egypt"), ["Egypt", "Egypt"]),
        (Filter(object="the company"), ["Suez Canal Company", "Suez Canal Company"]),
        (Filter(object="1870"), ["1870"]),
        (Filter(verdict="Rejected"), ["486"]),
        (Filter(status="unverified"), ["Its shares were worthless."]),
        (Filter(stance="Claims"), ["Its shares were worthless."]),
        (Filter(text="register"), ["486"]),
        (Filter(text="worthless shares"), ["Its shares were worthless."]),
        (Filter(type="Agreement", predicate="date"), ["1856"]),
        (Filter(type="Event", predicate="date", latest="1869-12-31"), ["1856", "1869-11-17"]),
        (Filter(predicate="date", earliest="1900-01-01"), ["1956"]),
        (Filter(source="canal", subject="opening"), ["1869-11-17", "Suez Canal"]),
        (Filter(method="Extracted"), []),
    ],
)
def test_filters(index: Index, wanted: Filter, expected: list[str]) -> None:
    assert sorted(values(Facts(index).page(wanted)[0])) == sorted(expected)
    assert Facts(index).count(wanted) == len(expected)


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_pages_hold_every_fact_once(index: Index, sort: str) -> None:
    facts = Facts(index)
    seen: list[str] = []
    cursor = "begin"
    while cursor:
        page, cursor = facts.page(Filter(), sort, "" if cursor == "begin" else cursor, limit=4)
        seen += [fact["id"] for fact in page]
    assert len(seen) == len(set(seen)) == 17


@pytest.mark.parametrize("cursor", ["x", "eA", "WzEsMl0x", Place("k", 1).encode() + "%"])
def test_a_cursor_that_is_none(index: Index, cursor: str) -> None:
    with pytest.raises(QueryError, match="cursor"):
        Facts(index).page(Filter(), cursor=cursor)


def test_an_order_that_is_none(index: Index) -> None:
    with pytest.raises(QueryError, match="no order"):
        Facts(index).page(Filter(), "id; DROP TABLE fact")


def test_names_that_nothing_has(index: Index) -> None:
    with pytest.raises(UnknownName, match="Did you mean Egypt"):
        Facts(index).page(Filter(subject="Egipt"))


def test_a_rejected_fact_and_what_stands_against_it(index: Index) -> None:
    lookup = Lookup(index)
    [rejected], _ = lookup.facts.page(Filter(verdict="Rejected"))
    dossier = lookup.fact(rejected["id"].rsplit("/", 1)[-1])
    assert dossier["note"] == ["The register of the company counts otherwise."]
    assert values(dossier["contradictedBy"]) == ["500"]
    assert [values(group) for group in lookup.disagreements()] == [["486", "500"]]


def test_the_timeline_leaves_out_figures(index: Index) -> None:
    lookup = Lookup(index)
    assert [thing["label"] for thing in lookup.timeline()] == [
        "Suez Canal concession",
        "opening of the Suez Canal",
        "nationalisation of the Suez Canal Company",
    ]
    assert [thing["earliest"] for thing in lookup.timeline("Observation")] == ["1870-01-01"]
    assert [thing["latest"] for thing in lookup.timeline(latest="1860-01-01")] == ["1856-12-31"]


def test_figures(index: Index) -> None:
    figures = Figures(index)
    [series] = figures.series
    assert (series["key"], series["label"], series["points"]) == (
        "passages-of-ships.ship", "passages of ships (ship)", 1,
    )  # fmt: skip
    [point] = figures.points(series)
    numbers = sorted((each["number"], each["fact"]["verdict"]) for each in point["numbers"])
    assert numbers == [(486.0, "Rejected"), (500.0, "Accepted")]
    assert (point["period"], point["wording"]) == (["1870"], ["some"])
    with pytest.raises(UnknownName):
        figures.find("nothing")


def test_series_on_which_several_sources_speak_come_first(tmp_path: Path) -> None:
    """One point of two sources, before two points of one."""
    index = Index(Build.open(build(Project.open(copy_with_pilot(tmp_path / "canal"))).path))
    series = [(each["key"], each["points"]) for each in Figures(index).series]
    assert series == [("passages-of-ships.ship", 1), ("depth.metre", 2)]
    assert Facts(index).mapped


def test_a_graph_without_coordinates_has_no_map(index: Index) -> None:
    assert not Facts(index).mapped


def test_an_extracted_fact_says_what_was_measured_of_its_kind(tmp_path: Path) -> None:
    facts = Facts(Index(Build.open(build(Project.open(copy_with_pilot(tmp_path / "canal"))).path)))
    found, _ = facts.page(Filter(subject="depth-1900", method="Extracted"))
    value, date = sorted((fact["citation"][0] for fact in found), key=lambda each: str(each["rule"]))
    measured = precision_of("figure.is")
    assert measured
    assert value["precision"] == {
        "kind": "figure", "found": measured.found, "right": measured.right, "share": round(measured.share, 3),
    }  # fmt: skip
    assert (date["rule"], date["confidence"]) == ("model.figure", "0.6")
    assert "precision" not in date


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (("opening", "date", "1869-11-17"), "supported"),
        (("opening of the Suez Canal", "kg:date", "1869"), "supported"),
        (("opening", "date", "1870"), "contradicted"),
        (("concession", "date", "1856-03"), "unknown"),
        (("concession", "party", "Egypt"), "supported"),
        (("concession", "party", "a newspaper"), "unknown"),
        (("ships-1870", "value", "500"), "supported"),
        (("ships-1870", "value", "486"), "contradicted"),
        (("ships-1870", "value", "600"), "contradicted"),
        (("suez-canal-company", "description", "Its shares were worthless."), "unknown"),
    ],
)
def test_verify(index: Index, statement: tuple[str, str, str], expected: str) -> None:
    assert verify(index, *statement).status == expected


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("suez", "Suez Canal"),
        ("the company", "Suez Canal Company"),
        ("nationalization canal", "nationalisation of the Suez Canal Company"),
        ("egpyt", "Egypt"),
        ("conces", "Suez Canal concession"),
    ],
)
def test_search_by_name(index: Index, words: str, first: str) -> None:
    assert Search(index).names(words)[0]["label"] == first


def test_search_by_type_and_in_passages(index: Index) -> None:
    search = Search(index)
    agreement = index.resolve("Agreement").iri
    assert [hit["label"] for hit in search.names("suez", agreement)] == ["Suez Canal concession"]
    assert [hit["id"] for hit in search.passages("newspapers")] == [BASE + "source/canal#p3"]


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_words_break_the_search(index: Index, words: str) -> None:
    Search(index).names(words)
    Search(index).passages(words)
    Facts(index).page(Filter(text=words))


@given(st.text(alphabet='ab "*()-^:NEAR+{}', max_size=20))
def test_words_are_never_operators(words: str) -> None:
    assert match(words).count('"') % 2 == 0


def test_the_json_is_rdf_of_the_dataset(index: Index) -> None:
    """Each triple that the JSON-LD of every fact and passage holds is in the dataset, and none is lost."""
    facts, _ = Facts(index).page(Filter(), limit=100)
    lookup = Lookup(index)
    source = {**lookup.source("canal"), "passages": lookup.passages("canal")}
    entities = [lookup.entity(name) for name in ("opening", "suez-canal-company", "egypt")]
    store = ox.Store()
    for found in ({"items": facts}, source, *entities):
        document = {**context(index.build), **found}
        store.load(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD, base_iri=BASE)
    triples = {quad.triple for quad in store}
    whole = index.build.load()
    known = {quad.triple for quad in whole.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert triples - known == set()
    facts_of = [quad.triple for quad in whole if "/fact/" in str(quad.subject) and "cites" not in str(quad)]
    assert {str(t) for t in facts_of if "reifies" not in str(t.predicate)} <= {str(t) for t in triples}


def test_a_build_without_an_index(index: Index, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((index.build.path / "manifest.json").read_bytes())
    assert INDEX == "index.sqlite"
    with pytest.raises(NoBuild, match="kg build"):
        Index(Build.open(tmp_path))
