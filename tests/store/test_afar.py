"""A store elsewhere gives the same rows and the same citations as the one in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, QueryRefused, RemoteError, RemoteStale
from kg.graph.build import build
from kg.store.afar import DistantViews, open_afar
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.distant import DistantStore, Endpoint
from kg.store.job import Job
from kg.store.prologue import refuse, with_prologue
from kg.store.push import Pusher
from kg.store.remote import Remote
from kg.store.scan import scan
from kg.store.stamp import Stamp
from kg.store.statistics import statistics
from kg.store.view import Views
from tests.conftest import copy_project
from tests.store.cite.test_cite_constructs import BEYOND, CASES, NOTES, found
from tests.store.faulty import faulty
from tests.store.remote import Server, oxigraph, virtuoso

OWN = "https://canal.example/"
"""Name of the default graph in a store that has none, or where other data share it."""
NEAR_ONLY = [name for name, (query, _) in CASES.items() if "EXISTS" in query.replace("NOT EXISTS", "")]
"""What lies behind an EXISTS is gathered by LATERAL, which is no part of SPARQL 1.1."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A build without its dataset: only the store has that."""
    built = Build.open(build(copy_project(tmp_path_factory.mktemp("afar") / "canal")).path)
    built.load()
    return built


@pytest.fixture(scope="module")
def store(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("store")
    with oxigraph(folder / "oxigraph") as server:
        push(built, server, "")
        yield server


def push(built: Build, server: Server, default: str, as_string: frozenset[str] = frozenset()) -> None:
    place = "/sparql" if default and as_string else ""
    remote = Remote(server.url + (place or "/update"), server.url + (place or "/query"), patience=20)
    folder = built.path.parent / "push" / f"{default.count('/')}.json"
    Pusher(built, remote, size=200, default_graph=default, as_string=as_string).push(folder)


@pytest.fixture(scope="module", params=["", OWN], ids=["its own default graph", "a named one"])
def far(request: pytest.FixtureRequest, built: Build, store: Server) -> Iterator[tuple[DistantViews, Citer]]:
    push(built, store, request.param)
    with opened(built, store.url + "/query") as pair:
        yield pair


@contextmanager
def opened(built: Build, url: str) -> Iterator[tuple[DistantViews, Citer]]:
    views, citer = open_afar(built, Endpoint(url))
    with closing(views.store):
        views.store.begin(30, 1 << 26)
        yield views, citer


@contextmanager
def distant(url: str, built: Build, timeout: str = "") -> Iterator[DistantStore]:
    with closing(DistantStore(Endpoint(url, timeout=timeout), built, [])) as store:
        yield store


def rows(views: Views, query: str) -> list[dict[str, str]]:
    """The solutions of a query, as the service evaluates it."""
    view = views.choose(Job(query=query), scan(query, {}))
    solutions = view.store.query(
        query, prefixes={"kg": KG}, default_graph=view.default_graph, named_graphs=view.named_graphs
    )
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name]} for row in solutions]


KG = "https://kg.example/ontology#"


FAR = [name for name, (query, _) in CASES.items() if name not in NEAR_ONLY and "VERSION" not in query]
"""RDF 1.2 is no part of it either."""


@pytest.mark.parametrize("name", FAR)
def test_each_row_rests_on_the_same(name: str, far: tuple[DistantViews, Citer]) -> None:
    query, expected = CASES[name]
    answer = far[1].answer(query, far[0].choose(Job(query=query), scan(query, far[1].prefixes)))
    assert answer.reason == ""
    told = found(answer)
    assert told.keys() == expected.keys()
    for row, witnesses in expected.items():
        assert sorted(map(sorted, told[row])) == sorted(map(sorted, witnesses))


@pytest.mark.parametrize("name", NEAR_ONLY)
def test_what_cannot_be_gathered_there_is_noted(name: str, far: tuple[DistantViews, Citer]) -> None:
    query, expected = CASES[name]
    answer = far[1].answer(query)
    assert found(answer).keys() == expected.keys()
    assert "exists" in answer.notes
    assert not answer.complete


def test_most_constructs_are_cited_from_afar() -> None:
    assert len(FAR) > 0.8 * len(CASES)


@pytest.mark.parametrize("query", [query for query in NOTES if "EXISTS" not in query])
def test_the_same_notes(query: str, far: tuple[DistantViews, Citer]) -> None:
    assert far[1].answer(query).notes == NOTES[query]


@pytest.mark.parametrize("query", [query for query in BEYOND if "LATERAL" not in query])
def test_what_is_beyond_citing_is_answered(query: str, far: tuple[DistantViews, Citer]) -> None:
    assert "beyond what can be cited" in far[1].answer(query).reason


@pytest.mark.parametrize("form", ["ASK { :opening kg:location ?x }", "DESCRIBE :opening"])
def test_other_forms(form: str, far: tuple[DistantViews, Citer], built: Build) -> None:
    near = Citer(built.load(), built.names, built.prefixes)
    assert found(far[1].answer(form)) == found(near.answer(form))


def test_construct(far: tuple[DistantViews, Citer], built: Build) -> None:
    near = Citer(built.load(), built.names, built.prefixes)
    query = "CONSTRUCT { ?x kg:where ?y } WHERE { ?x kg:location ?y ; kg:date ?d }"
    assert found(far[1].answer(query)) == found(near.answer(query))


def test_facts_come_with_the_same_citations(far: tuple[DistantViews, Citer], built: Build) -> None:
    query = "SELECT ?o { ?f rdf:subject :suez-canal-company ; rdf:object ?o }"
    near = Citer(built.load(), built.names, built.prefixes)
    here, there = near.answer(query), far[1].answer(query)
    assert there.facts == here.facts
    assert there.sources == here.sources
    assert there.facts[0].citations[0].label == "canal p3"


def test_counts_are_the_same(far: tuple[DistantViews, Citer], built: Build) -> None:
    views = Views(built.load(), built.names.rdf12)
    here, there = statistics(views.store, views), statistics(far[0].store, far[0])
    del here["graphs"][built.names.rdf12]
    assert there == here


def test_the_whole_dataset_can_be_read_back(far: tuple[DistantViews, Citer], built: Build) -> None:
    view = ox.NamedNode(built.names.rdf12)
    assert set(far[0].store) == {quad for quad in built.load() if quad.graph_name != view}


GRAPH = "https://canal.example/source/canal"


def test_graphs_of_the_query_and_of_the_request(far: tuple[DistantViews, Citer]) -> None:
    views, _ = far
    counted = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    named = rows(views, counted.format(f"FROM <{GRAPH}>"))
    assert named == rows(views, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    assert int(named[0]["n"]) > 10
    assert int(rows(views, counted.format(""))[0]["n"]) > int(named[0]["n"])
    job = Job(query=counted.format(""), default_graphs=(GRAPH,))
    view = views.choose(job, scan(job.query, {}))
    assert view.default_graph == [ox.NamedNode(GRAPH)]


def test_what_is_stated_can_be_asked_where_the_default_graph_has_a_name(
    far: tuple[DistantViews, Citer],
) -> None:
    views, citer = far
    query = "SELECT ?value { :ships-1870 kg:value ?value ; kg:of/rdfs:label ?what } ORDER BY ?value"
    job = Job(query=query, stated=True)
    if not views.store.stamp.default_graph:
        with pytest.raises(QueryRefused, match="has no name"):
            views.choose(job, scan(query, citer.prefixes))
        return
    answer = citer.answer(query, views.choose(job, scan(query, citer.prefixes)))
    values = {row.values[0].value for row in answer.rows if isinstance(row.values[0], ox.Literal)}
    assert values == {"486", "500"}  # a store may count what stands in two graphs twice
    assert {fact.verdict for fact in answer.facts} == {"Accepted", "Rejected"}


def test_only_the_graphs_of_the_build_are_seen_where_its_default_graph_has_a_name(
    built: Build, tmp_path: Path
) -> None:
    with oxigraph(tmp_path / "oxigraph") as server:
        push(built, server, OWN)
        with opened(built, server.url + "/query") as (views, _):
            graphs = rows(views, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
            assert {row["g"] for row in graphs} == {str(graph.value) for graph in views.public}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://elsewhere.example/> { ?s ?p ?o }",
        'VERSION "1.2" SELECT * { ?s ?p ?o }',
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(1<2#>'''\n) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } #'''",
        "SELECT * { SERVICE#\n SILENT # x\n ?s { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1/> SELECT * { service x: { ?s ?p ?o } }",
        'SELECT * { ?s ?p "\\u0022 } SERVICE <http://127.0.0.1:9/> {} #" }',
        'SELECT * { ?s ?p "\\U00000022 } LOAD" }',
        "PREFIX bif: <bif:> SELECT (bif:sys_eval('1') AS ?x) {}",
    ],
)
def test_what_is_never_sent(query: str, far: tuple[DistantViews, Citer]) -> None:
    views, citer = far
    with pytest.raises(QueryRefused):
        views.choose(Job(query=query), scan(query, {}))
    with pytest.raises((QueryRefused, QueryError)):
        citer.answer(query, views.choose(Job(query=query), scan(query, {})))


@pytest.mark.parametrize("query", ["DELETE WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL"])
def test_updates_are_no_queries(query: str, far: tuple[DistantViews, Citer]) -> None:
    with pytest.raises(QueryError, match="does not parse"):
        rows(far[0], query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "the customer service of Suez" }',
        "SELECT ?service { ?service ?p 'it was of no service' }",
        "SELECT * { ?s ?p <http://x.example/service/1> } # service",
        'SELECT * { ?s ?p "caf\\u00e9" }',
    ],
)
def test_harmless_words_are_no_calls(query: str) -> None:
    refuse(query)


def test_a_query_is_completed_on_its_first_line() -> None:
    prefixes = {"": "http://e/", "kg": KG, "rdf": "http://r/"}
    query = "PREFIX rdf: <http://own/>\nSELECT * { :a kg:b rdf:c , 'x:y' }"
    assert with_prologue(query, prefixes, "http://base/") == (
        f"BASE <http://base/> PREFIX : <http://e/> PREFIX kg: <{KG}> {query}"
    )
    assert with_prologue("BASE <http://b/> ASK { <x> ?p ?o }", prefixes, "http://base/") == (
        "BASE <http://b/> ASK { <x> ?p ?o }"
    )


def test_answers_that_are_left_half_read_cost_no_connection(built: Build, store: Server) -> None:
    push(built, store, "")
    with distant(store.url + "/query", built) as far:
        for _ in range(120):
            far.begin(3, 1 << 26)
            triples = far.query("SELECT * { ?a ?b ?c . ?d ?e ?f }")
            assert isinstance(triples, ox.QuerySolutions)
            next(triples)


def test_a_store_that_holds_another_build(built: Build, store: Server) -> None:
    other = Build(built.path, "0123456789abcdef", *(getattr(built, name) for name in FIELDS))
    message = f"holds build {built.id}, and not 0123456789abcdef. Run `kg push`"
    with distant(store.url + "/query", other) as far, pytest.raises(RemoteStale, match=message):
        far.begin(10, 1 << 20)


FIELDS = ("base", "title", "description", "prefixes", "counts")


def test_a_store_that_is_being_loaded(built: Build, tmp_path: Path) -> None:
    message = "holds no build that was pushed to its end"
    with oxigraph(tmp_path / "oxigraph") as empty, distant(empty.url + "/query", built) as far:
        with pytest.raises(RemoteStale, match=message):
            far.begin(10, 1 << 20)
        empty.kill()
        with pytest.raises(RemoteError, match="does not answer"):
            far.begin(10, 1 << 20, fresh=True)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"build": 1}', '{"build": "x", "default_graph": "", "as_string": 1}']
)
def test_a_note_that_is_none(text: str) -> None:
    assert Stamp.read(text) is None


def test_time_limits_and_secrets() -> None:
    assert Endpoint("http://h/").time_limit(2.5) == {}
    assert Endpoint("http://h/", timeout="timeout={s}").time_limit(2.5) == {"timeout": "2"}
    assert Endpoint("http://h/", timeout="timeout={ms}").time_limit(2.5) == {"timeout": "2500"}
    assert Endpoint("http://h/", timeout="queryTimeout={s}s").time_limit(0.2) == {"queryTimeout": "1s"}
    assert "hush" not in repr(Endpoint("http://h/", "ann", "hush", "hush"))


def test_the_store_is_asked_with_the_time_that_is_left(built: Build, store: Server) -> None:
    push(built, store, "")
    with faulty(store) as server, distant(server.url + "/query", built, "timeout={s}") as far:
        far.begin(7, 1 << 20)
        far.query("ASK {}")
        assert server.asked == ["query=ASK+%7B%7D&timeout=7"]


VIRTUOSO_LACKS = {
    "GRAPH around a subquery",  # a path with + from anywhere: “transitive start not given”
    "escapes and comments",  # it takes \u in an IRI for itself
}
DURATION = frozenset({"http://www.w3.org/2001/XMLSchema#duration"})


@pytest.mark.marathon
def test_virtuoso(built: Build, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It writes booleans as numbers, answers ASK by a row, and holds durations as strings."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso") / "store") as server:
        push(built, server, OWN, DURATION)
        with opened(built, server.url + "/sparql") as (views, citer):
            assert citer.answer("ASK { :opening kg:location ?x }").boolean is True
            assert citer.answer("ASK { :opening kg:party ?x }").boolean is False
            differing = {name: _differs(views, citer, name) for name in FAR}
            assert {name: how for name, how in differing.items() if how}.keys() == VIRTUOSO_LACKS


def _differs(views: DistantViews, citer: Citer, name: str) -> str:
    """How an answer differs from the one expected; empty where it does not."""
    query, expected = CASES[name]
    try:
        told = found(citer.answer(query, views.choose(Job(query=query), scan(query, citer.prefixes))))
    except (QueryError, RemoteError) as error:
        return str(error)
    alike = all(
        sorted(map(sorted, told.get(row, ()))) == sorted(map(sorted, w)) for row, w in expected.items()
    )
    return "" if alike and told.keys() == expected.keys() else f"{told} rather than {expected}"
