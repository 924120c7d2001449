"""What operators rely on: health, numbers, log, tokens, sub-paths, new builds, and stopping well."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.running import Running, serving
from tests.server.test_isolation import SLOW, wait_until
from tests.synthetic import ENTITIES, write_build

EVENTS = "SELECT (COUNT(*) AS ?n) { ?e a kg:Event }"


def test_health_and_readiness(service: Running) -> None:
    assert service.client.get(service.url + "/health").json() == {"status": "ok"}
    ready = service.client.get(service.url + "/ready").json()
    assert ready["status"] == "ready"
    assert service.get("ASK {}").headers["etag"].startswith(f'"{ready["build"]}-')


def test_metrics(service: Running) -> None:
    service.get("ASK {}")
    service.get("ASK {}")
    response = service.client.get(service.url + "/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    numbers = dict(line.rsplit(" ", 1) for line in response.text.splitlines() if not line.startswith("#"))
    total = sum(float(value) for name, value in numbers.items() if name.startswith("kg_queries_total"))
    assert float(numbers["kg_query_seconds_count"]) == total
    assert float(numbers['kg_query_seconds_bucket{le="+Inf"}']) == total
    assert float(numbers['kg_queries_total{outcome="cached"}']) >= 1
    assert float(numbers["kg_evaluators_idle"]) + float(numbers["kg_evaluators_busy"]) >= 1
    assert {
        "kg_queue",
        "kg_cache_bytes",
        "kg_cache_hits_total",
        "kg_evaluators_forked_total",
    } <= numbers.keys()


def test_the_log_tells_of_each_request(service: Running) -> None:
    query = "SELECT ?r { :e42 kg:rank ?r }"
    service.get(query, {"User-Agent": 'x"y'})
    tag = service.get(query).headers["etag"]
    service.get("SELECT nonsense")
    key = tag.strip('"').split("-")[1]

    def entries() -> list[dict[str, object]]:
        return [json.loads(line) for line in service.log.read_text().splitlines()]

    wait_until(lambda: entries() and entries()[-1]["outcome"] == "bad_request")
    mine = [entry for entry in entries() if entry["query"] == key]
    assert [entry["outcome"] for entry in mine] == ["ok", "cached"]
    assert {(entry["status"], entry["rows"], entry["method"], entry["path"]) for entry in mine} == {
        (200, 1, "GET", "/sparql")
    }
    assert all(isinstance(entry["seconds"], float) and entry["bytes"] for entry in mine)


def test_each_request_is_logged_once(build: Path, tmp_path: Path) -> None:
    asked = [
        ("GET", "/health"),
        ("GET", "/no-such-page"),
        ("OPTIONS", "/api/entities"),
        ("GET", "/api/queries/none"),
        ("GET", "/sparql?query=ASK%20%7B%20SERVICE%20%3Ca:b%3E%20%7B%7D%20%7D"),
        ("POST", "/data"),
    ]
    with serving(build, tmp_path / "log") as service:
        for method, path in asked:
            service.client.request(method, service.url + path)
    logged = [json.loads(line) for line in service.log.read_text().splitlines()]
    found = [(entry["method"], entry["path"], entry["status"], entry["outcome"]) for entry in logged]
    assert [each for each in found if each[1] != "/ready"] == [
        ("GET", "/health", 200, "ok"),
        ("GET", "/no-such-page", 404, "bad_request"),
        ("OPTIONS", "/api/entities", 204, "ok"),
        ("GET", "/api/queries/none", 503, "busy"),  # this build has no index
        ("GET", "/sparql", 403, "refused"),
        ("POST", "/data", 405, "bad_request"),
    ]


def test_a_missing_page_is_not_found(service: Running) -> None:
    response = service.client.get(service.url + "/nothing-here")
    assert response.status_code == 404
    assert response.headers["x-content-type-options"] == "nosniff"


class TestTokens:
    def test_a_token_for_everything(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--token", "s3cret") as service:
            refused = service.get("ASK {}")
            assert refused.status_code == 401
            assert (
                refused.headers["www-authenticate"] == 'Bearer realm="kg", Basic realm="kg", charset="UTF-8"'
            )
            for wrong in ("Bearer wrong", "Basic s3cret", "Basic czNjcmV0Og==", "Basic", "Bearer", "s3cret"):
                assert service.get("ASK {}", {"Authorization": wrong}).status_code == 401
            right = {"Authorization": "Bearer s3cret"}
            for _ in range(3):
                answer = service.get("ASK {}", right)
                assert (answer.status_code, answer.headers["cache-control"].split(",")[0]) == (200, "private")
            assert service.get("ASK {}").status_code == 401
            for path, status in {
                "/health": 200,
                "/ready": 200,
                "/metrics": 401,
                "/data": 401,
                "/openapi.json": 401,
            }.items():
                assert service.client.get(service.url + path).status_code == status
            assert service.client.options(service.sparql).status_code == 204

    def test_a_browser_gives_the_token_as_password(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--token", "s3cret") as service:

            def status(user: str, password: str, site: str = "same-origin", mode: str = "cors") -> int:
                headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
                asked = service.client.get(
                    service.url + "/data?default", auth=(user, password), headers=headers
                )
                return asked.status_code

            assert status("anybody", "s3cret") == status("", "s3cret") == 200
            assert status("s3cret", "") == status("anybody", "other") == 401
            assert status("anybody", "s3cret", "cross-site") == 401
            assert status("anybody", "s3cret", "same-site", "no-cors") == 401
            assert status("anybody", "s3cret", "cross-site", "navigate") == 200

    def test_a_token_for_metrics_alone(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--metrics-token", "numbers") as service:
            assert service.get("ASK {}").status_code == 200
            assert service.client.get(service.url + "/metrics").status_code == 401
            headers = {"Authorization": "Bearer numbers"}
            assert service.client.get(service.url + "/metrics", headers=headers).status_code == 200


class TestSubPath:
    @pytest.mark.parametrize("prefix", ["", "/kg"], ids=["cut off by the proxy", "passed on by the proxy"])
    def test_everything_is_there(self, build: Path, tmp_path: Path, prefix: str) -> None:
        with serving(build, tmp_path / "log", "--root-path", "/kg") as service:
            for path in (
                "/sparql?query=ASK%7B%7D",
                "/data?default",
                "/.well-known/void",
                "/health",
                "/metrics",
            ):
                assert service.client.get(service.url + prefix + path).status_code == 200
            text = service.client.get(service.url + prefix + "/sparql").text
            assert f"sd:endpoint <{service.url}/kg/sparql>" in text

    def test_the_public_address_may_be_told(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--public-url", "https://data.example/kg/") as service:
            assert "sd:endpoint <https://data.example/kg/sparql>" in service.client.get(service.sparql).text

    def test_a_permalink_names_the_host_that_was_asked(self, build: Path, tmp_path: Path) -> None:
        """However the parameter is written, and whoever asked the same before."""
        with serving(build, tmp_path / "log") as service:
            for written in ("cite=true", "%63ite=true", "cite=true"):
                for host in ("one.example", "two.example:8080", "one.example"):
                    url = f"{service.sparql}?query=ASK%7B%7D&{written}"
                    answer = service.client.get(url, headers={"Host": host}).json()
                    assert answer["cite"]["permalink"]["url"].startswith(f"http://{host}/sparql?query=")

    def test_proxies_are_believed(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log") as service:
            headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": "data.example"}
            assert (
                "sd:endpoint <https://data.example/sparql>"
                in service.client.get(service.sparql, headers=headers).text
            )
            wait_until(lambda: '"client": "203.0.113.7"' in service.log.read_text())


class TestBuilds:
    def test_a_new_build_is_taken_up_without_a_dropped_request(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--workers", "2") as service:
            assert service.number(EVENTS) == ENTITIES
            old = service.get(EVENTS).headers["etag"]
            seen: list[tuple[int, str]] = []
            stop = threading.Event()

            def ask() -> None:
                with httpx.Client() as client:
                    while not stop.is_set():
                        answer = client.get(service.sparql, params={"query": EVENTS, "format": "csv"})
                        seen.append((answer.status_code, answer.text.split()[-1]))

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            write_build(build.parent, entities=150)
            wait_until(lambda: bool(seen) and seen[-1][1] == "150")
            time.sleep(1)
            stop.set()
            for thread in threads:
                thread.join()
            assert {status for status, _ in seen} == {200}
            assert {number for _, number in seen} == {str(ENTITIES), "150"}
            assert {number for _, number in seen[-20:]} == {"150"}
            assert service.get(EVENTS, {"If-None-Match": old}).status_code == 200
            wait_until(lambda: len(service.holders()) == 1)

    def test_a_broken_link_keeps_the_old_build(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log") as service:
            draft = build.parent / "broken"
            draft.symlink_to("nowhere")
            draft.replace(build)
            time.sleep(0.5)
            assert service.number(EVENTS) == ENTITIES


class TestProcesses:
    def test_what_ends_is_started_again(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--workers", "2") as service:
            for part in ("kg.server.worker", "kg.store.holder"):
                pid = next(pid for pid, command in service.children().items() if part in command)
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda part=part, pid=pid: _runs_anew(service, part, pid))

            def answers() -> bool:
                try:
                    return service.get(EVENTS, {"Cache-Control": "no-cache"}).status_code == 200
                except httpx.TransportError:
                    return False

            wait_until(answers)

    def test_nothing_outlives_the_supervisor(self, build: Path, tmp_path: Path) -> None:
        with serving(build, tmp_path / "log", "--workers", "2", code=-signal.SIGKILL) as service:
            children = service.children()
            assert len(children) >= 4
            service.process.kill()
            wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))

    def test_what_runs_is_finished_when_the_service_stops(self, build: Path, tmp_path: Path) -> None:
        answers: list[httpx.Response] = []
        with serving(build, tmp_path / "log") as service:
            ask = threading.Thread(
                target=lambda: answers.append(httpx.get(service.sparql, params={"query": SLOW}, timeout=30))
            )
            ask.start()
            time.sleep(0.2)
        ask.join()
        assert answers[0].status_code == 200
        assert not list(Path(tempfile.gettempdir()).glob(f"kg-{service.process.pid}-*"))

    def test_an_address_in_use_is_an_error(self, service: Running, build: Path, tmp_path: Path) -> None:
        port = service.url.rpartition(":")[2]
        with (
            pytest.raises(AssertionError, match="Cannot listen on"),
            serving(build, tmp_path / "log", "--port", port),
        ):
            pass


def _runs_anew(service: Running, part: str, old: int) -> bool:
    return any(part in command and pid != old for pid, command in service.children().items())
