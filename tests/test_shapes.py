"""The ontology keeps to its own shapes; each data shape accepts its valid and refuses its invalid example."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg.project import Project

HERE = Path(__file__).parent / "shapes"
ONTOLOGY = Path(__file__).parent.parent / "ontology"
SHAPES = [
    "citation", "fact", "membership", "observation",
    "passage", "position", "source", "transfer",
]  # fmt: skip


def messages(data: Path, shapes: Path, classes: bool = True) -> list[str]:
    _, results, _ = validate(
        rdflib.Graph().parse(data),
        shacl_graph=rdflib.Graph().parse(shapes),
        ont_graph=rdflib.Graph().parse(ONTOLOGY / "kg.ttl") if classes else None,
    )
    assert isinstance(results, rdflib.Graph)
    return [str(message) for message in results.objects(None, SH.resultMessage)]


def test_every_shape_has_examples() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    named = {str(shape).rsplit("#")[1] for shape in graph.subjects(RDF.type, SH.NodeShape)}
    assert named == {f"{name.capitalize()}Shape" for name in SHAPES}


@pytest.mark.parametrize("name", SHAPES)
def test_valid_example(name: str) -> None:
    assert messages(HERE / "valid" / f"{name}.ttl", ONTOLOGY / "shapes.ttl") == []


@pytest.mark.parametrize("name", SHAPES)
def test_invalid_example(name: str) -> None:
    found = messages(HERE / "invalid" / f"{name}.ttl", ONTOLOGY / "shapes.ttl")
    assert found
    assert all(" → " in message for message in found)


def test_the_ontology_keeps_to_its_shapes() -> None:
    assert messages(ONTOLOGY / "kg.ttl", ONTOLOGY / "ontology-shapes.ttl", classes=False) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("class-name", "Names of classes and individuals begin with a capital."),
        ("property", "The property does not say what its values are."),
        ("property-name", "Names of properties begin with a small letter."),
        ("term", "The term has no example."),
    ],
)
def test_ontology_shapes_refuse(name: str, message: str) -> None:
    found = messages(HERE / "ontology" / f"{name}.ttl", ONTOLOGY / "ontology-shapes.ttl", classes=False)
    assert [text.partition(" → ")[0] for text in found] == [message]


def test_terms_stand_in_order() -> None:
    """One sorted serialisation, so that changes to the ontology read well."""
    lines = (ONTOLOGY / "kg.ttl").read_text("utf-8").splitlines()
    terms = [line.split()[0:3] for line in lines if line.startswith("kg:")]
    for kind in ("owl:Class", "owl:ObjectProperty owl:DatatypeProperty"):
        names = [name.lower() for name, _, type_ in terms if type_.rstrip(",") in kind.split()]
        assert len(names) > 25
        assert names == sorted(names)


def test_alignments_speak_of_our_terms(shipped: Project) -> None:
    terms = set(rdflib.Graph().parse(shipped.ontology / "kg.ttl").subjects(RDFS.label, None))
    alignments = rdflib.Graph().parse(shipped.ontology / "alignments.ttl")
    assert len(alignments) > 40
    assert set(alignments.subjects()) <= terms
    relations = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.exactMatch}
    assert set(alignments.predicates()) == relations
    assert (None, RDF.type, OWL.Class) not in alignments
