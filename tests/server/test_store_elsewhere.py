"""`kg serve --store`: the service on a store that is well, slow, wrong, cut off, away, and back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.graph.build import build
from kg.store.build import Build
from kg.store.push import Pusher
from kg.store.remote import Remote
from tests.command import kg
from tests.conftest import copy_project
from tests.running import Running, serving
from tests.store.faulty import Faulty, faulty
from tests.store.remote import Server, oxigraph

ALL = "SELECT * { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
OPENED = "SELECT ?d { :opening kg:date ?d }"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return Build.open(build(copy_project(tmp_path_factory.mktemp("elsewhere") / "canal")).path)


@pytest.fixture(scope="module")
def store(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph(tmp_path_factory.mktemp("store") / "oxigraph") as server:
        push(built, server)
        yield server


def push(built: Build, server: Server) -> None:
    remote = Remote(server.url + "/update", server.url + "/query", patience=20)
    Pusher(built, remote).push(built.path.parent / "push.json")


@pytest.fixture(scope="module")
def moody(store: Server) -> Iterator[Faulty]:
    with faulty(store) as server:
        yield server


@pytest.fixture(scope="module")
def service(built: Build, moody: Faulty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of a build whose dataset is nowhere but in the store."""
    root = tmp_path_factory.mktemp("service")
    folder = root / built.path.name
    shutil.copytree(built.path, folder, ignore=shutil.ignore_patterns("dataset.nq"))
    options = ("--store", moody.url + "/query", "--deadline", "2", "--max-answer", "8", "--cache", "0")
    with serving(folder, root / "access.log", *options) as running:
        yield running


@pytest.fixture(scope="module")
def patient(built: Build, moody: Faulty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that waits long for its store."""
    log = tmp_path_factory.mktemp("patient") / "access.log"
    with serving(
        built.path, log, "--store", moody.url + "/query", "--deadline", "60", "--cache", "0"
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def in_good_mood(moody: Faulty) -> None:
    moody.mood = "well"
    moody.asked.clear()
    moody.dropped.clear()


def test_it_answers_as_from_memory(service: Running, built: Build) -> None:
    assert service.rows(OPENED) == [{"d": "1869-11-17"}]
    assert service.number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == built.counts["quads"] - named(built)
    assert service.get("ASK { :opening kg:date ?d }", format="json").json()["boolean"] is True
    turtle = service.get("DESCRIBE :opening", format="ttl")
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "1869-11-17" in turtle.text
    csv = service.get(OPENED, format="csv", headers={"accept-encoding": "gzip"})
    assert csv.text.splitlines() == ["d", "1869-11-17"]


def named(built: Build) -> int:
    return sum("DefaultGraph" not in repr(quad.graph_name) for quad in built.load())


def test_answers_are_cited(service: Running) -> None:
    cite = service.get(OPENED, cite="true").json()["cite"]
    assert (cite["cited"], cite["complete"]) == (True, True)
    [fact] = cite["facts"]
    assert fact["citations"][0]["passage"] == "https://canal.example/source/canal#p1"
    counted = service.get("SELECT (COUNT(?d) AS ?n) { ?e kg:date ?d }", cite="true").json()
    assert len(counted["cite"]["facts"]) == int(counted["results"]["bindings"][0]["n"]["value"])


def test_tags_are_weak_and_hold(service: Running, built: Build) -> None:
    first = service.get(OPENED)
    tag = first.headers["etag"]
    assert tag.startswith(f'W/"{built.id}-')
    assert service.get(OPENED, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/", "/entity/opening", "/api/entities", "/api/facts", "/source/canal", "/reconcile", "/api/queries"],
)
def test_pages_and_look_ups(service: Running, path: str) -> None:
    assert service.client.get(service.url + path, follow_redirects=True).status_code == 200


def test_entities_as_rdf_and_descriptions(service: Running, built: Build) -> None:
    rdf = service.client.get(service.url + "/entity/opening.nt")
    assert '"1869-11-17"' in rdf.text
    described = service.client.get(service.url + "/.well-known/void", params={"format": "nt"}).text
    triples = built.counts["quads"] - named(built)
    assert f'/void#triples> "{triples}"' in described.replace("rdfs.org/ns", "")


def test_downloads(service: Running, built: Build) -> None:
    view = built.names.rdf12
    lines = service.client.get(service.url + "/data", params={"format": "nq"}).text.splitlines()
    kept = [line for line in built.dataset.read_text("utf-8").splitlines() if f"<{view}>" not in line]
    assert sorted(lines) == sorted(kept)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", 403),
        ('VERSION "1.2" SELECT * { ?s ?p ?o }', 403),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", 400),
        ("SELECT * {", 400),
    ],
)
def test_what_is_refused_never_gets_there(service: Running, moody: Faulty, query: str, status: int) -> None:
    assert service.get(query).status_code == status
    assert moody.asked == []


@pytest.mark.parametrize(
    ("mood", "status", "detail"),
    [
        ("failing", 502, "answers 500 Internal Server Error: not today"),
        ("busy", 503, "is busy"),
        ("disliking", 400, "does not take the query: what a word"),
        ("short", 502, "broke off its answer"),
        ("breaking", 502, "broke off its answer"),
        ("cutting", 502, "gives answers that cannot be read"),
        ("undelimited", 502, "does not say where its answers end"),
        ("few", 422, "10000 rows at most"),
        ("hanging", 504, "longer than its deadline"),
    ],
)
@pytest.mark.parametrize("parameters", [{}, {"cite": "true"}], ids=["plain", "cited"])
def test_a_store_that_errs(
    service: Running, moody: Faulty, mood: str, status: int, detail: str, parameters: dict[str, str]
) -> None:
    moody.mood = mood
    answer = service.get(ALL, **parameters)
    assert (answer.status_code, detail in answer.json()["detail"]) == (status, True), answer.text
    moody.mood = "well"
    assert service.rows(OPENED) == [{"d": "1869-11-17"}]


@pytest.mark.parametrize("mood", ["short", "breaking", "undelimited"])
def test_triples_that_break_off_are_never_whole(service: Running, moody: Faulty, mood: str) -> None:
    moody.mood = mood
    assert service.get(TRIPLES, format="nt").status_code == 502
    assert service.client.get(service.url + "/data", params={"format": "nq"}).status_code == 502


@pytest.mark.parametrize("mood", ["endless", "abandoning"])
def test_a_long_answer_that_breaks_off_breaks_the_transfer(
    service: Running, moody: Faulty, mood: str
) -> None:
    """By then it has begun with status 200: so its last chunk must never come."""
    moody.mood = mood
    plain = {"accept-encoding": "identity"}
    with service.client.stream("GET", service.sparql, params={"query": ALL}, headers=plain) as response:
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            response.read()
    assert moody.dropped.wait(10)


def test_the_store_is_let_go_at_the_deadline(service: Running, moody: Faulty) -> None:
    moody.mood = "hanging"
    assert service.get(ALL, timeout=1).status_code == 504
    assert moody.dropped.wait(10)


def test_the_store_is_let_go_when_the_client_goes(patient: Running, moody: Faulty) -> None:
    moody.mood = "hanging"
    with pytest.raises(httpx.ReadTimeout):
        patient.client.get(patient.sparql, params={"query": ALL}, timeout=3)
    assert moody.dropped.wait(20)  # long before the deadline


def test_a_store_that_goes_away_and_comes_back(built: Build, store: Server, tmp_path: Path) -> None:
    with serving(built.path, tmp_path / "log", "--store", store.url + "/update", "--cache", "0") as service:
        assert service.rows(OPENED) == [{"d": "1869-11-17"}]
        store.kill()
        assert until(lambda: ready(service)[0] == 503)
        assert ready(service)[1]["status"] == "unavailable"
        assert "does not answer" in ready(service)[1]["detail"]
        away = service.get(OPENED)
        assert (away.status_code, "does not answer" in away.json()["detail"]) == (502, True)
        assert service.client.get(service.url + "/entity/opening").status_code == 200
        assert service.client.get(service.url + "/health").status_code == 200
        store.start()
        assert until(lambda: ready(service)[0] == 200)
        assert service.rows(OPENED) == [{"d": "1869-11-17"}]


def test_a_store_into_which_another_build_is_pushed(patient: Running, built: Build, store: Server) -> None:
    Remote(store.url + "/update", "").update(f"CLEAR GRAPH <{built.names.stamp}>")
    assert until(lambda: ready(patient)[0] == 503)
    assert "holds no build that was pushed to its end" in ready(patient)[1]["detail"]
    push(built, store)
    assert until(lambda: ready(patient)[0] == 200)
    assert patient.rows(OPENED) == [{"d": "1869-11-17"}]


def ready(service: Running) -> tuple[int, dict[str, str]]:
    answer = service.client.get(service.url + "/ready")
    return answer.status_code, answer.json()


def until(condition: object, seconds: float = 40) -> bool:
    """Whether a condition holds before long."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--store", "file:///etc/passwd"), "must begin with http"),
        (("--store", "http://h/", "--service", "http://s/"), "does not go with --store"),
    ],
)
def test_what_makes_no_sense(built: Build, tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    result = kg("serve", "--build", str(built.path), *options, cwd=tmp_path)
    assert result.returncode == 2
    assert message in result.stderr
