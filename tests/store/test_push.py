"""A build goes into real stores: whole, in spite of trouble, and verified; or with a clear error."""

from __future__ import annotations

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.errors import RemoteError
from kg.graph.build import build
from kg.store.auth import authentication
from kg.store.build import Build
from kg.store.push import Protocol, Pusher
from kg.store.remote import Remote, query_endpoint
from kg.store.stamp import Stamp
from tests.command import kg
from tests.conftest import copy_project
from tests.store.remote import Server, oxigraph, proxy, virtuoso

UPDATE, GRAPH_STORE = Protocol.UPDATE, Protocol.GRAPH_STORE


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return Build.open(build(copy_project(tmp_path_factory.mktemp("push") / "canal")).path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Server]:
    with oxigraph(tmp_path / "oxigraph") as server:
        yield server


def remote(url: str, protocol: Protocol = UPDATE, patience: float = 20) -> Remote:
    return Remote(
        url + {UPDATE: "/update", GRAPH_STORE: "/store"}[protocol], url + "/query", patience=patience
    )


def held(server: Server) -> set[ox.Quad]:
    """All that a store holds, as its own dump gives it."""
    request = urllib.request.Request(server.url + "/store", headers={"Accept": "application/n-quads"})
    with urllib.request.urlopen(request, timeout=30) as response:
        quads = set(ox.parse(input=response.read(), format=ox.RdfFormat.N_QUADS))
    return {quad for quad in quads if not str(quad.graph_name).endswith("graph/pushed>")}


def stamps(server: Server) -> list[Stamp | None]:
    """What a store says of itself that it holds."""
    query = urllib.parse.urlencode(
        {"query": "SELECT ?o { GRAPH <https://canal.example/graph/pushed> { ?s ?p ?o } }"}
    )
    request = urllib.request.Request(
        f"{server.url}/query?{query}", headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        rows = json.load(response)["results"]["bindings"]
    return [Stamp.read(row["o"]["value"]) for row in rows]


def expected(built: Build, rdf12: bool = False) -> set[ox.Quad]:
    view = ox.NamedNode(built.names.rdf12)
    return {quad for quad in built.load() if rdf12 or quad.graph_name != view}


@pytest.mark.parametrize("protocol", [UPDATE, GRAPH_STORE])
@pytest.mark.parametrize("rdf12", [False, True])
def test_what_was_pushed_is_there(
    built: Build, store: Server, tmp_path: Path, protocol: Protocol, rdf12: bool
) -> None:
    pusher = Pusher(built, remote(store.url, protocol), protocol, size=100, rdf12=rdf12)
    pushed = pusher.push(tmp_path / "state")
    assert held(store) == expected(built, rdf12)
    assert pushed.triples.total() == len(expected(built, rdf12))
    assert stamps(store) == [Stamp(built.id)]
    assert pushed.resumed == 0
    again = pusher.push(tmp_path / "state")
    assert again.hexdigest == pushed.hexdigest
    assert not (tmp_path / "state").exists()


def test_the_digest_does_not_depend_on_batches_or_protocol(
    built: Build, store: Server, tmp_path: Path
) -> None:
    digests = {
        Pusher(built, remote(store.url, protocol), protocol, size).push(tmp_path / "state").hexdigest
        for protocol, size in ((UPDATE, 7), (UPDATE, 5000), (GRAPH_STORE, 300))
    }
    assert len(digests) == 1


def test_batches_end_where_a_subject_does(built: Build) -> None:
    batches = list(Pusher(built, remote("http://unused"), size=50).batches())
    subjects = [subject for batch in batches for subject in batch.subjects]
    assert len(subjects) == len(set(subjects))
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    assert len(batches) > 10


@pytest.mark.parametrize("status", [500, 503, 429, 0])
def test_a_store_that_fails_now_and_then(built: Build, store: Server, tmp_path: Path, status: int) -> None:
    with proxy(store, lambda number: status if number % 3 == 1 else None) as url:
        Pusher(built, remote(url), size=200).push(tmp_path / "state")
    assert held(store) == expected(built)


def test_a_slow_store(built: Build, store: Server, tmp_path: Path) -> None:
    """Each answer takes longer than a request may, until the store has recovered."""
    begin = time.monotonic()

    def trouble(number: int) -> int | None:
        time.sleep(0.5 if number <= 3 else 0)
        return None

    with proxy(store, trouble) as url:
        slow = Remote(url + "/update", url + "/query", timeout=0.2, patience=20)
        Pusher(built, slow, size=400).push(tmp_path / "state")
    assert held(store) == expected(built)
    assert time.monotonic() > begin + 0.4


def test_a_store_that_goes_away_in_the_middle_and_comes_back(
    built: Build, store: Server, tmp_path: Path
) -> None:
    def trouble(number: int) -> int | None:
        if number == 4:
            store.kill()
            store.start()
            return 0
        return None

    with proxy(store, trouble) as url:
        Pusher(built, remote(url), size=100).push(tmp_path / "state")
    assert held(store) == expected(built)


def test_a_push_that_stopped_goes_on_where_it_was(built: Build, store: Server, tmp_path: Path) -> None:
    pushed: list[int] = []

    def trouble(number: int) -> int | None:
        pushed.append(number)
        return 503 if 5 <= number <= 9 else None

    with proxy(store, trouble) as url:
        stopping = Pusher(built, remote(url, patience=0), size=100)
        with pytest.raises(RemoteError, match="503"):
            stopping.push(tmp_path / "state")
        assert json.loads((tmp_path / "state").read_text("utf-8"))["batches"] == 3
        assert stamps(store) == []
        patient = Pusher(built, remote(url), size=100)
        assert patient.push(tmp_path / "state").resumed == 3
    assert held(store) == expected(built)


def test_a_store_that_lost_what_it_had_is_found_out(built: Build, store: Server, tmp_path: Path) -> None:
    pusher = Pusher(built, remote(store.url), size=100)
    pusher.push(tmp_path / "state")
    lost = "DELETE WHERE { <https://canal.example/entity/opening> ?p ?o }"
    remote(store.url).update(lost)
    with pytest.raises(RemoteError, match=r"does not hold what was sent: batch \d+ of the default graph"):
        pusher.verify()


def test_other_data_are_found_out_and_replaced(built: Build, store: Server, tmp_path: Path) -> None:
    remote(store.url).update("INSERT DATA { <urn:a> <urn:b> <urn:c> . GRAPH <urn:g> { <urn:a> <urn:b> 1 } }")
    pusher = Pusher(built, remote(store.url), size=500)
    with pytest.raises(RemoteError, match="Is there other data"):
        pusher.push(tmp_path / "state")
    assert stamps(store) == []
    for protocol in (UPDATE, GRAPH_STORE):
        remote(store.url).update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
        (tmp_path / "state").unlink(missing_ok=True)
        Pusher(built, remote(store.url, protocol), protocol).push(tmp_path / "state", replace=True)
    others = held(store) - expected(built)
    assert [str(quad.graph_name) for quad in others] == ["<urn:g>"]


def test_a_changed_value_is_found_out(built: Build, store: Server, tmp_path: Path) -> None:
    pusher = Pusher(built, remote(store.url))
    pusher.push(tmp_path / "state")
    node = "<https://canal.example/entity/ships-1870> <https://kg.example/ontology#value>"
    remote(store.url).update(f"DELETE DATA {{ {node} 500 }} ; INSERT DATA {{ {node} 501 }}")
    with pytest.raises(RemoteError, match="does not hold what was sent"):
        pusher.verify()


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_store_that_refuses(built: Build, store: Server, tmp_path: Path, status: int) -> None:
    with proxy(store, lambda _: status) as url:
        result = kg("push", f"{url}/update", "--build", str(built.path), cwd=tmp_path)
    assert result.returncode == 2
    assert f"/update refuses: {status} " in result.stderr
    assert "not today" in result.stderr
    assert held(store) == set()


def test_no_store_at_all(built: Build, tmp_path: Path) -> None:
    arguments = ("--build", str(built.path), "--patience", "0")
    result = kg("push", "http://127.0.0.1:9/update", *arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert "http://127.0.0.1:9/update does not answer: " in result.stderr
    assert "must begin with http" in kg("push", "file:///etc", *arguments, cwd=tmp_path).stderr


def test_a_server_that_is_no_store(built: Build, store: Server, tmp_path: Path) -> None:
    with proxy(store, lambda _: 200) as url:
        result = kg("push", f"{url}/update", "--build", str(built.path), cwd=tmp_path)
    assert result.returncode == 2
    assert "does not answer in N-Triples" in result.stderr


def test_command(built: Build, store: Server, tmp_path: Path) -> None:
    result = kg("push", f"{store.url}/update", "--build", str(built.path), cwd=tmp_path)
    assert result.returncode == 0
    count = len(expected(built))
    assert f"Verified: {count} triples, digest " in result.stdout
    assert held(store) == expected(built)


def test_secrets_are_sent_as_they_should() -> None:
    def told(user: str, password: str, token: str) -> str:
        asker = authentication(user, password, token)
        assert asker is not None
        return next(asker.sync_auth_flow(httpx.Request("GET", "http://h"))).headers["Authorization"]

    assert told("ann", "pass:word", "") == "Basic YW5uOnBhc3M6d29yZA=="
    assert told("", "", "t") == "Bearer t"
    assert authentication("", "", "") is None
    assert "pass" not in repr(Remote("http://h", "http://h", user="ann", password="pass:word"))


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("http://h/update", "http://h/query"),
        ("http://h/ds/update", "http://h/ds/query"),
        ("http://h/repositories/kg/statements", "http://h/repositories/kg"),
        ("http://h/sparql", "http://h/sparql"),
        ("http://h/store", "http://h/query"),
    ],
)
def test_query_endpoint(url: str, query: str) -> None:
    assert query_endpoint(url) == query


DURATION = frozenset({"http://www.w3.org/2001/XMLSchema#duration"})
DEFAULT = "https://canal.example/"


@pytest.mark.marathon
def test_virtuoso(built: Build, tmp_path: Path) -> None:
    """It has no default graph of its own, gives back at most 10,000 rows, and knows no durations."""
    with virtuoso(tmp_path / "virtuoso") as server:
        update = Remote(server.url + "/sparql", server.url + "/sparql", patience=1)
        graph_store = Remote(server.url + "/sparql-graph-crud", server.url + "/sparql", patience=1)
        with pytest.raises(RemoteError, match="Literal of type xsd:duration can not be created"):
            Pusher(built, update, UPDATE, 200, DEFAULT).push(tmp_path / "refused")
        # By the graph store protocol it takes them and turns years into months, without a word.
        with pytest.raises(RemoteError, match="does not hold what was sent"):
            Pusher(built, graph_store, GRAPH_STORE, 200, DEFAULT).push(tmp_path / "changed")
        for remote_, protocol in ((update, UPDATE), (graph_store, GRAPH_STORE)):
            pusher = Pusher(built, remote_, protocol, 200, DEFAULT, as_string=DURATION)
            pushed = pusher.push(tmp_path / protocol, replace=True)
            assert pushed.triples.total() == len(expected(built))
        opening = "<https://canal.example/entity/opening>"
        date = f"GRAPH <{DEFAULT}> {{ {opening} <https://kg.example/ontology#date> ?d }}"
        query = urllib.parse.urlencode({"query": f"SELECT ?d {{ {date} }}", "format": "csv"})
        with urllib.request.urlopen(f"{server.url}/sparql?{query}", timeout=30) as response:
            assert response.read().decode().splitlines() == ['"d"', '"1869-11-17"']
        update.update(f"DELETE WHERE {{ GRAPH <{DEFAULT}> {{ {opening} ?p ?o }} }}")
        with pytest.raises(RemoteError, match="does not hold what was sent"):
            pusher.verify()


@pytest.mark.marathon
def test_virtuoso_goes_away_in_the_middle_and_comes_back(built: Build, tmp_path: Path) -> None:
    with virtuoso(tmp_path / "virtuoso") as server:

        def trouble(number: int) -> int | None:
            if number == 3:
                server.kill()
                (tmp_path / "virtuoso" / "virtuoso.lck").unlink(missing_ok=True)
                server.start()
                return 0
            return 500 if number == 6 else None

        with proxy(server, trouble) as url:
            target = Remote(url + "/sparql", url + "/sparql")
            pushed = Pusher(built, target, UPDATE, 200, DEFAULT, as_string=DURATION).push(tmp_path / "state")
    assert pushed.triples.total() == len(expected(built))
