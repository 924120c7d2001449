"""Real clients, as people use them."""

from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pandas as pd
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.running import Running
from tests.synthetic import BASE, ENTITIES, NAMES

BIN = Path(sys.executable).parent
CLIENTS = Path(__file__).parent.parent / "clients"
RANKS = "SELECT ?event ?rank WHERE { ?event kg:rank ?rank } ORDER BY ?rank"
KG = "PREFIX kg: <https://kg.example/ontology#> "


class TestCurl:
    def curl(self, *arguments: str) -> str:
        program = shutil.which("curl")
        assert program, "curl is needed for this test"
        command = [program, "-sS", "--max-time", "30", *arguments]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    def test_get(self, service: Running) -> None:
        query = f"query={RANKS} LIMIT 2"
        text = self.curl("-G", service.sparql, "--data-urlencode", query, "-H", "Accept: text/csv")
        assert text == f"event,rank\n{NAMES.entity}e0,0\n{NAMES.entity}e1,1\n"

    def test_post(self, service: Running) -> None:
        text = self.curl(service.sparql, "--data-urlencode", "query=ASK { :e1 kg:rank 1 }")
        assert json.loads(text)["boolean"] is True

    def test_direct(self, service: Running) -> None:
        header = "Content-Type: application/sparql-query"
        text = self.curl(service.sparql, "-H", header, "--data-binary", "ASK {}", "--compressed")
        assert text == '{"head":{},"boolean":true}'

    def test_download(self, service: Running, tmp_path: Path) -> None:
        target = tmp_path / "alpha.ttl"
        self.curl(
            "--fail",
            "-o",
            str(target),
            "-G",
            service.url + "/data",
            "--data-urlencode",
            f"graph={NAMES.source('alpha')}",
        )
        assert len(Graph().parse(target)) == 68


class TestSparqlWrapper:
    @pytest.mark.parametrize("method", [GET, POST])
    def test_json(self, service: Running, method: str) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=JSON)
        client.setMethod(method)
        client.setQuery(RANKS)
        rows = client.queryAndConvert()["results"]["bindings"]
        assert [int(row["rank"]["value"]) for row in rows] == list(range(ENTITIES))

    def test_direct_post(self, service: Running) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=JSON)
        client.setMethod(POST)
        client.setRequestMethod(POSTDIRECTLY)
        client.setQuery("ASK { :e1 kg:rank 1 }")
        assert client.queryAndConvert()["boolean"] is True

    def test_xml_and_csv(self, service: Running) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=XML)
        client.setQuery(f"{RANKS} LIMIT 1")
        document = client.queryAndConvert()
        assert [node.firstChild.data for node in document.getElementsByTagName("uri")] == [
            f"{NAMES.entity}e0"
        ]
        client.setReturnFormat(CSV)
        assert client.queryAndConvert().decode().split() == ["event,rank", f"{NAMES.entity}e0,0"]

    def test_construct_as_turtle(self, service: Running) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=TURTLE)
        client.setQuery("CONSTRUCT WHERE { :e1 ?p ?o }")
        assert len(Graph().parse(client.queryAndConvert(), format="turtle")) == 4

    def test_a_dataset(self, service: Running) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=JSON, defaultGraph=NAMES.source("alpha"))
        client.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        assert client.queryAndConvert()["results"]["bindings"][0]["n"]["value"] == "68"

    def test_errors(self, service: Running) -> None:
        client = SPARQLWrapper(service.sparql, returnFormat=JSON)
        client.setQuery("SELECT nonsense")
        with pytest.raises(QueryBadFormed):
            client.query()


class TestRdflib:
    def test_a_graph_over_the_endpoint(self, service: Running) -> None:
        graph = Graph(SPARQLStore(service.sparql))
        assert len(list(graph.query(KG + "SELECT * { ?e kg:rank ?r }"))) == ENTITIES
        entity = URIRef(f"{NAMES.entity}e7")
        assert {
            str(predicate).rpartition("#")[2] for _, predicate, _ in graph.triples((entity, None, None))
        } == {
            "label",
            "type",
            "precededBy",
            "rank",
        }

    def test_everything_can_be_read(self, service: Running) -> None:
        """Triple terms, which it does not know, stay out of sight."""
        graph = Graph(SPARQLStore(service.sparql))
        assert len(list(graph.query("SELECT * { ?s ?p ?o }"))) > 1000
        assert len(list(graph.query("SELECT * { GRAPH ?g { ?s ?p ?o } }"))) == 206

    def test_it_reads_what_is_served(self, service: Running) -> None:
        for form in ("turtle", "nt", "xml", "json-ld"):
            name = {"turtle": "ttl", "xml": "rdf", "json-ld": "jsonld"}.get(form, form)
            text = service.client.get(service.url + "/data", params={"default": "", "format": name}).text
            assert len(Graph().parse(data=text, format=form)) == service.number(
                "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
            )


def test_pandas(service: Running) -> None:
    table = pd.read_csv(f"{service.sparql}?{urlencode({'query': RANKS, 'format': 'csv'})}")
    assert list(table.columns) == ["event", "rank"]
    assert table["rank"].sum() == sum(range(ENTITIES))
    tabs = pd.read_csv(io.StringIO(service.get(RANKS, format="tsv").text), sep="\t")
    assert len(tabs) == ENTITIES


@pytest.fixture(scope="module")
def program() -> list[str]:
    program = CLIENTS / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
    assert program.exists(), "Run `make test`, which installs it."
    return [str(BIN / "node"), str(program)]


class TestComunica:
    def ask(self, program: list[str], *arguments: str) -> list[dict[str, str]]:
        run = subprocess.run([*program, *arguments], capture_output=True, text=True, timeout=60, cwd=CLIENTS)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)  # type: ignore[no-any-return]

    def test_a_query_sent_whole(self, program: list[str], service: Running) -> None:
        rows = self.ask(
            program, f"sparql@{service.sparql}", f"{KG} SELECT ?r {{ <{BASE}entity/e7> kg:rank ?r }}"
        )
        assert rows == [{"r": '"7"^^http://www.w3.org/2001/XMLSchema#integer'}]

    def test_it_finds_out_by_itself_what_the_endpoint_is(self, program: list[str], service: Running) -> None:
        """By the service description."""
        query = f"{KG} SELECT ?r {{ ?e kg:rank ?r . ?f kg:precededBy ?e . FILTER(?r < 3) }} ORDER BY ?r"
        assert len(self.ask(program, service.sparql, query)) == 3


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(BIN / "oxigraph"), "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
            break
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/query"
    process.terminate()
    process.wait(10)


class TestFederation:
    def test_another_store_calls_this_one(self, service: Running, oxigraph: str) -> None:
        query = f"{KG} SELECT ?r {{ SERVICE <{service.sparql}> {{ <{BASE}entity/e7> kg:rank ?r }} }}"
        response = httpx.get(oxigraph, params={"query": query}, headers={"Accept": "text/csv"})
        assert response.text.split() == ["r", "7"]
