"""The tools for agents, through the protocol's own client, over both transports."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from kg.graph.build import build
from kg.server.mcp import UNCITED, Toolbox, server
from kg.store.build import Build
from tests.canal import AGREED
from tests.conftest import copy_project
from tests.store.remote import free_port

SCRIPT = "from kg.cli import main; main()"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    project = copy_project(tmp_path_factory.mktemp("mcp") / "canal")
    (project.root / "queries" / "agreed.rq").write_text(AGREED)
    return Build.open(build(project).path)


@pytest.fixture(scope="module")
def toolbox(built: Build) -> Any:
    toolbox = Toolbox(built, deadline=20)
    yield toolbox
    toolbox.close()


def through(target: Any, ask: Callable[[Client], Awaitable[Any]]) -> Any:
    """Ask a server as a client does."""

    async def run() -> Any:
        async with Client(target) as client:
            return await ask(client)

    return asyncio.run(run())


def call(target: Any, tool: str, /, **arguments: Any) -> Any:
    result = through(target, lambda client: client.call_tool(tool, arguments))
    assert not result.is_error, result
    return result.structured_content


def test_tools_say_what_they_are_for(toolbox: Toolbox) -> None:
    listed = through(server(toolbox), lambda client: client.list_tools())
    assert sorted(tool.name for tool in listed.tools) == [
        *("facts", "find_entities", "patterns", "sparql", "verify", "verify_pattern"),
    ]
    assert all(len(tool.description or "") > 60 for tool in listed.tools)


def test_find_entities(toolbox: Toolbox) -> None:
    found = call(server(toolbox), "find_entities", name="sues canal compny")
    assert found["entities"][0]["id"] == "https://canal.example/entity/suez-canal-company"
    typed = call(server(toolbox), "find_entities", name="suez canal", type="Place")
    assert [each["label"] for each in typed["entities"]] == ["Suez Canal"]


def test_facts_carry_their_citations(toolbox: Toolbox) -> None:
    found = call(server(toolbox), "facts", about="opening", property="date")
    [fact] = found["facts"]
    assert fact["object"]["value"] == "1869-11-17"
    [citation] = fact["citation"]
    assert citation["passage"]["quote"]["exact"] == "The Suez Canal was opened on 17 November 1869."
    assert found["note"] == ""
    assert call(server(toolbox), "facts", about="opening", verdict="Rejected") == {
        "total": 0, "facts": [], "note": UNCITED,
    }  # fmt: skip


def test_sparql_carries_the_facts_behind_each_row(toolbox: Toolbox) -> None:
    found = call(server(toolbox), "sparql", query="SELECT ?d { :opening kg:date ?d }")
    assert [row["d"]["value"] for row in found["results"]["bindings"]] == ["1869-11-17"]
    assert "The Suez Canal was opened" in json.dumps(found["cite"])
    assert "note" not in found


def test_sparql_that_rests_on_no_fact_says_so(toolbox: Toolbox) -> None:
    assert call(server(toolbox), "sparql", query="SELECT ?l { :egypt rdfs:label ?l }")["note"] == UNCITED


def test_long_answers_are_cut_aloud(toolbox: Toolbox) -> None:
    found = call(server(toolbox), "sparql", query="SELECT * { ?s ?p ?o }")
    assert len(found["results"]["bindings"]) == 100
    assert found["note"].endswith("rows were found and 100 are given: narrow the query.")


def test_verify(toolbox: Toolbox) -> None:
    supported = call(server(toolbox), "verify", subject="opening", property="date", value="1869-11-17")
    assert (supported["status"], len(supported["facts"])) == ("supported", 1)
    contradicted = call(server(toolbox), "verify", subject="ships-1870", property="value", value="486")
    assert contradicted["status"] == "contradicted"
    unknown = call(server(toolbox), "verify", subject="opening", property="party", value="egypt")
    assert (unknown["status"], unknown["note"]) == ("unknown", UNCITED)


def test_verify_a_pattern(toolbox: Toolbox) -> None:
    [pattern] = call(server(toolbox), "patterns")["patterns"]
    assert (pattern["pattern"], [each["name"] for each in pattern["parameters"]]) == (
        "agreed", ["one", "other", "date"],
    )  # fmt: skip
    values = {"one": "Egypt", "other": "Suez Canal Company"}
    found = call(server(toolbox), "verify_pattern", pattern="agreed", values=values)
    assert (found["status"], found["note"]) == ("supported", "")
    assert found["facts"][0]["citation"][0]["passage"]["quote"]["exact"].startswith("Egypt and")
    values["other"] = "a newspaper"
    unknown = call(server(toolbox), "verify_pattern", pattern="agreed", values=values)
    assert (unknown["status"], unknown["note"]) == ("unknown", UNCITED)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("facts", {"about": "Panama"}, "There is nothing named “Panama”"),
        ("sparql", {"query": "SELECT"}, "does not parse"),
        (
            "verify",
            {"subject": "opening", "property": "colour", "value": "x"},
            "There is nothing named “colour”",
        ),
    ],
)
def test_errors_are_for_the_agent_to_mend(
    toolbox: Toolbox, name: str, arguments: dict[str, str], message: str
) -> None:
    result = through(server(toolbox), lambda client: client.call_tool(name, arguments))
    assert result.is_error
    assert message in result.content[0].text


def test_a_query_is_stopped_at_its_deadline_and_the_next_one_answered(built: Build) -> None:
    toolbox = Toolbox(built, deadline=1)
    try:
        result = through(server(toolbox), lambda client: client.call_tool("sparql", {"query": CROSS}))
        assert result.is_error
        assert "took longer than 1 s and was stopped" in result.content[0].text
        assert call(server(toolbox), "sparql", query="ASK { :opening kg:date ?d }")["boolean"] is True
    finally:
        toolbox.close()


def test_over_standard_input_and_output(built: Build) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-c", SCRIPT, "mcp", "--build", str(built.path)]
    )
    found = call(stdio_client(parameters), "verify", subject="opening", property="date", value="1869")
    assert found["status"] == "supported"
    assert found["facts"][0]["citation"]


def test_over_http(built: Build, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, "mcp", "--http", "--port", str(port), "--build", str(built.path)]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _listening(port)
            found = call(f"http://127.0.0.1:{port}/mcp", "facts", about="Egypt")
        finally:
            process.terminate()
    assert found["total"] == 2


def _listening(port: int) -> None:
    """Wait until somebody listens there."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("The server does not start.")
