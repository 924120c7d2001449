"""The engines inside Fuseki, GraphDB and Protégé read our exports: Jena, RDF4J's parsers, the OWL API.

They need Debian's default-jdk-headless, libapache-jena-java, librdf4j-java and libowlapi-java.
"""

from __future__ import annotations

import csv
import subprocess
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pyoxigraph as ox
import pytest

from kg.graph.build import build
from kg.project import Project
from kg.store.build import Build
from kg.store.export import FORMATS, Citations, FileFormat
from kg.store.record import Records
from kg.terms import DCTERMS, KG
from tests.queries import EXPECTED, ROOT

pytestmark = pytest.mark.marathon
SOURCES = Path(__file__).parent.parent / "clients" / "java"
JARS = Path("/usr/share/java")
LOGGERS = ("log4j", "slf4j-jcl", "slf4j-jdk14", "slf4j-simple", "slf4j-provider", "jcl-over", "jul-to")
"""Ways to log, of which one is left: not at all."""
MOVED = "org/apache/jena/ext/"
"""Where Debian's package of Jena keeps messages that Jena's XML library looks for at the top."""
EXTENSIONS = {
    "turtle": "ttl",
    "trig": "trig",
    "rdfxml": "rdf",
    "ntriples": "nt",
    "nquads": "nq",
    "jsonld": "jsonld",
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return Build.open(build(Project.open(ROOT), tmp_path_factory.mktemp("build")).path)


@pytest.fixture(scope="module")
def classpath(tmp_path_factory: pytest.TempPathFactory) -> str:
    core = JARS / "jena-core.jar"
    assert core.is_file(), "This test needs Debian's libapache-jena-java, librdf4j-java, libowlapi-java."
    folder = tmp_path_factory.mktemp("messages")
    with ZipFile(core) as jar:
        for name in jar.namelist():
            if name.startswith(MOVED) and name.endswith(".properties"):
                path = folder / name.removeprefix(MOVED)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(jar.read(name))
    jars = [str(jar) for jar in sorted(JARS.glob("*.jar")) if not any(each in jar.name for each in LOGGERS)]
    return ":".join([str(folder), *jars])


def java(classpath: str, program: str, *arguments: object) -> list[str]:
    command = ["java", "-cp", classpath, str(SOURCES / f"{program}.java"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def export(shipped: Build, name: str, path: Path) -> Path:
    format_ = FORMATS[name]
    assert isinstance(format_, FileFormat)
    with path.open("wb") as file:
        format_.write(shipped, Citations.FACTS, file)
    return path


def rows(path: Path) -> list[tuple[tuple[str, ...], ...]]:
    """An answer's rows; the parts of a cell in their order, as GROUP_CONCAT leaves that open."""
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(tuple(sorted(cell.split(", "))) for cell in row) for row in csv.reader(file)]


def test_jena_gives_the_same_answers_to_the_named_queries(
    shipped: Build, classpath: str, tmp_path: Path
) -> None:
    """Jena is what answers in Fuseki."""
    data = export(shipped, "trig", tmp_path / "kg.trig")
    java(classpath, "Jena", data, shipped.queries, tmp_path)
    answers = {path.name: rows(path) for path in tmp_path.glob("*.csv")}
    assert answers == {path.name: rows(path) for path in EXPECTED.glob("*.csv")}


@pytest.mark.parametrize("name", EXTENSIONS)
def test_rdf4j_reads_back_every_triple(shipped: Build, classpath: str, tmp_path: Path, name: str) -> None:
    """RDF4J is what reads in GraphDB."""
    data = export(shipped, name, tmp_path / f"kg.{EXTENSIONS[name]}")
    found = set(ox.parse(input="\n".join(java(classpath, "Rdf4j", data)), format=ox.RdfFormat.N_QUADS))
    form = ox.RdfFormat.from_extension(EXTENSIONS[name])
    assert form is not None
    assert found == set(ox.parse(path=str(data), format=form))


def test_the_owl_api_has_the_citations_on_the_axioms(shipped: Build, classpath: str, tmp_path: Path) -> None:
    """The OWL API is what reads in Protégé."""
    data = export(shipped, "owl", tmp_path / "kg.ttl")
    found = Counter(java(classpath, "OwlApi", data, KG + "Fact"))
    facts = list(Records.of(shipped).facts())
    assert {line for line in found if line.startswith("fact ")} == {f"fact <{fact.iri}>" for fact in facts}
    sources = Counter(
        f"{DCTERMS}source {iri}" for fact in facts if fact.verdict == "Accepted" for iri in fact.cites
    )
    assert {line: n for line, n in found.items() if line.startswith(f"{DCTERMS}source ")} == sources
    assert sources
