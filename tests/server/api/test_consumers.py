"""The examples of the page about the API, run as their readers run them."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

DIGEST = "The canal was opened in November 1869."


@pytest.fixture(scope="module")
def examples(client: httpx.Client) -> dict[str, str]:
    """Code by the heading above it."""
    page = client.get("/about").text
    found = re.findall(r"<h2>([^<]+)</h2>\s*<pre[^>]*><code[^>]*>(.*?)</code>", page, re.DOTALL)
    assert len(found) == 6
    return {title: html.unescape(code) for title, code in found}


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl(examples: dict[str, str]) -> None:
    assert shutil.which("curl"), "apt-get install curl"
    done = subprocess.run(["sh", "-ec", examples["curl"]], capture_output=True, text=True, check=True)
    assert '"label":"opening of the Suez Canal"' in done.stdout
    assert '{"status":"supported"' in done.stdout
    assert f'"{DIGEST}"@en' in done.stdout


def test_json_from_python(examples: dict[str, str]) -> None:
    assert run(examples["Python"]).splitlines() == [
        "date 1869-11-17 ['https://canal.example/source/canal#p1']",
        "location Suez Canal ['https://canal.example/source/canal#p1']",
    ]


def test_notebook(examples: dict[str, str]) -> None:
    assert "1869-11-17" in run(examples["Notebook"])


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Debian's r-base-core is not installed")
def test_r(examples: dict[str, str]) -> None:
    command = ["Rscript", "--vanilla", "-e", examples["R"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1869-11-17" in done.stdout
    assert done.stdout.splitlines()[-1] == '[1] "1869-11-17 https://canal.example/source/canal#p1"'


def test_sparql_client(examples: dict[str, str], site: str) -> None:
    store = SPARQLStore(f"{site}/sparql", returnFormat="json")
    rows = list(store.query(examples["SPARQL"]))
    assert [(str(row[0]), str(row[2])) for row in rows] == [("1869-11-17", DIGEST)]


def test_an_rdf_client_follows_its_nose(site: str) -> None:
    """rdflib asks for RDF by its Accept header."""
    graph = rdflib.Graph().parse(f"{site}/entity/opening")
    label = rdflib.URIRef("https://canal.example/entity/opening"), rdflib.RDFS.label, None
    assert [str(value) for _, _, value in graph.triples(label)] == ["opening of the Suez Canal"]
