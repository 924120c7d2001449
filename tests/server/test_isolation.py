"""Whatever a query does, the service stays; and an answer that is cut never looks whole."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.running import Running, serving
from tests.server.test_endpoint import outcomes
from tests.synthetic import write_build

FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?f != ?i) }"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a kg:rank ?b . ?c kg:rank ?d . ?e kg:rank ?f . FILTER(?b + ?d != ?f) }"
"""Takes long enough to be caught at it, and ends."""
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"


def test_the_deadline_stops_a_query(service: Running) -> None:
    response = service.get(FOREVER, timeout=0.5)
    assert response.status_code == 504
    assert "deadline" in response.json()["detail"]
    assert 0.4 < response.elapsed.total_seconds() < 5


def test_a_request_cannot_ask_for_more_than_the_deadline(service: Running) -> None:
    assert service.get("ASK {}", timeout=3600).status_code == 200
    response = service.get(FOREVER, timeout=3600)
    assert response.status_code == 504


def test_a_query_that_takes_too_much_memory(service: Running) -> None:
    response = service.get(HUNGRY)
    assert response.status_code in {422, 504}
    assert service.get("ASK {}", {"Cache-Control": "no-cache"}).status_code == 200


@pytest.mark.parametrize("depth", [5_000, 200_000])
def test_deep_nesting(service: Running, depth: int) -> None:
    query = "SELECT * " + "{" * depth + "}" * depth
    response = service.client.post(
        service.sparql, content=query, headers={"Content-Type": "application/sparql-query"}
    )
    assert response.status_code in {200, 422}
    if response.status_code == 422:
        assert response.json()["detail"] == "The query is nested too deeply."


def test_an_answer_over_the_cap_is_an_error_or_a_broken_transfer(service: Running) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        service.get(ENDLESS, {"Accept-Encoding": "identity"})
    small = service.client.head(service.sparql, params={"query": ENDLESS})
    assert small.status_code == 422  # nothing has been sent yet, so there is a status to tell


def test_a_cut_answer_has_no_last_chunk(service: Running) -> None:
    place = urlsplit(service.url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as connection:
        connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received = b""
        while piece := connection.recv(1 << 20):
            received += piece
    assert received.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in received[:2000]
    assert not received.endswith(b"0\r\n\r\n")
    assert not received.rstrip().endswith(b"]}}")


def test_an_evaluation_stops_when_its_client_goes(service: Running) -> None:
    before = outcomes(service)["cancelled"]
    place = urlsplit(service.url)
    with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
        connection.sendall(f"GET /sparql?query={quote(FOREVER)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        busy = busiest(service)
    wait_until(lambda: outcomes(service)["cancelled"] == before + 1)
    wait_until(lambda: busy not in service.evaluators())
    time.sleep(0.2)
    assert max(work(service).values()) < 5  # no other goes on with it


def test_a_killed_evaluator_is_replaced_and_nobody_notices(service: Running) -> None:
    for number in range(8):
        for pid in service.evaluators():
            os.kill(pid, signal.SIGKILL)
        response = service.get(f"SELECT ?r {{ :e{number} kg:rank ?r }}", {"Cache-Control": "no-cache"})
        assert response.status_code == 200, response.text
    wait_until(lambda: len(service.evaluators()) >= 4)


def test_a_query_whose_evaluator_is_killed_is_begun_again(service: Running) -> None:
    answers: list[httpx.Response] = []
    thread = threading.Thread(
        target=lambda: answers.append(httpx.get(service.sparql, params={"query": SLOW}, timeout=20))
    )
    thread.start()
    time.sleep(0.1)
    os.kill(busiest(service), signal.SIGKILL)
    thread.join()
    assert answers[0].status_code == 200


def test_everyone_gets_the_answer_to_their_own_question(service: Running) -> None:
    """Quick queries, slow ones, clients that go away and evaluators that are killed, all at once."""
    quick = [f"SELECT ?n {{ BIND({number} AS ?n) }}" for number in range(400)]

    async def ask(client: httpx.AsyncClient, query: str, patience: float | None = None) -> Any:
        try:
            response = await client.get(
                service.sparql,
                params={"query": query},
                headers={"Cache-Control": "no-cache"},
                timeout=patience,
            )
        except httpx.TimeoutException:
            return None
        assert response.status_code == 200, response.text
        return [row["n"]["value"] for row in response.json()["results"]["bindings"]]

    async def kill() -> None:
        for number in range(8):
            await asyncio.sleep(0.05)
            pids = service.evaluators()
            os.kill(pids[number % len(pids)], signal.SIGKILL)

    async def everything() -> list[Any]:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=40)) as client:
            slow = [ask(client, SLOW) for _ in range(4)]
            impatient = [ask(client, FOREVER, 0.3) for _ in range(4)]
            asked = (ask(client, query) for query in quick)
            return list(await asyncio.gather(*asked, *slow, *impatient, kill()))

    answers = asyncio.run(everything())
    assert answers[:400] == [[str(number)] for number in range(400)]
    assert len(set(map(str, answers[400:404]))) == 1
    wait_until(lambda: len(service.evaluators()) >= 4)


def busiest(service: Running) -> int:
    """The evaluator that uses the most CPU."""
    used = work(service)
    return max(used, key=used.__getitem__)


def work(service: Running) -> dict[int, int]:
    """The CPU that each evaluator uses in a tenth of a second, in hundredths of a second."""

    def ticks(pid: int) -> int:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return int(fields[11]) + int(fields[12])

    before = {pid: ticks(pid) for pid in service.evaluators()}
    time.sleep(0.1)
    return {pid: ticks(pid) - before[pid] for pid in before}


def wait_until(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


class Listener:
    """An HTTP server that notes whether anyone came."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        visits = self.visits

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                visits.append(self.path)
                row = b'{"x":{"type":"literal","value":"there"}}'
                body = b'{"head":{"vars":["x"]},"results":{"bindings":[%b]}}' % row
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/sparql"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND(<{url}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
        "PREFIX x: <{url}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}",
        "ASK {{ FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ ?s ?p ?o FILTER(1<2#>'''\n) SERVICE <{url}> {{ ?s ?p ?o }} }} #'''",
        "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ],
)
def test_nothing_is_called(service: Running, listener: Listener, query: str) -> None:
    response = service.get(query.format(url=listener.url))
    assert response.status_code == 403
    assert listener.visits == []


def test_a_service_on_the_list_may_be_called_and_no_other(tmp_path: Path, listener: Listener) -> None:
    write_build(tmp_path)
    with serving(tmp_path / "current", tmp_path / "log", "--service", listener.url) as service:
        assert service.rows(f"SELECT ?x {{ SERVICE <{listener.url}> {{ ?s ?p ?x }} }}") == [{"x": "there"}]
        visits = len(listener.visits)
        for other in (
            f"SELECT * {{ SERVICE <{listener.url}/other> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<{listener.url}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE <{listener.url}> {{}} FILTER(1<2#>'''\n) SERVICE <a:b> {{}} }} #'''",
        ):
            assert service.get(other).status_code == 403
        assert len(listener.visits) == visits


def test_when_everything_is_busy_there_is_503_at_once(tmp_path: Path) -> None:
    write_build(tmp_path)
    options = ("--evaluators", "2", "--queue", "1", "--patience", "0.5", "--deadline", "3")
    with serving(tmp_path / "current", tmp_path / "log", *options) as service:
        answers: list[httpx.Response] = []

        def ask(query: str) -> None:
            answers.append(httpx.get(service.sparql, params={"query": query}, timeout=20))

        threads = [threading.Thread(target=ask, args=(FOREVER,)) for _ in range(6)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join()
        assert sorted(answer.status_code for answer in answers) == [503] * 4 + [504] * 2
        assert {answer.headers["retry-after"] for answer in answers if answer.status_code == 503} == {"1"}
        assert service.get("ASK {}").status_code == 200


class TestStallingClients:
    @pytest.fixture(scope="class")
    @classmethod
    def place(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, tuple[str, int]]]:
        root = tmp_path_factory.mktemp("stalling")
        write_build(root)
        options = ("--receive-timeout", "0.5", "--send-timeout", "0.5", "--deadline", "30")
        with serving(root / "current", root / "log", *options) as service:
            address = urlsplit(service.url)
            yield service, (address.hostname or "", address.port or 0)

    def test_a_head_that_does_not_come(self, place: tuple[Running, tuple[str, int]]) -> None:
        with socket.create_connection(place[1], timeout=20) as connection:
            connection.sendall(b"GET /sparql?query=ASK")
            assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")

    def test_a_connection_that_says_nothing(self, place: tuple[Running, tuple[str, int]]) -> None:
        with socket.create_connection(place[1], timeout=20) as connection:
            assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")

    def test_a_body_that_does_not_come(self, place: tuple[Running, tuple[str, int]]) -> None:
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        with socket.create_connection(place[1], timeout=20) as connection:
            connection.sendall(head.encode() + b"Content-Length: 100\r\n\r\nASK")
            assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")

    def test_a_client_that_does_not_read(self, place: tuple[Running, tuple[str, int]]) -> None:
        service, address = place
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(address)
            connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wait_until(lambda: outcomes(service)["cut"] + outcomes(service)["cancelled"] == 1, 20)
        wait_until(lambda: service.get("ASK {}").status_code == 200)
