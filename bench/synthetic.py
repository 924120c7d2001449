"""A project of any number of facts, about nothing: what builds and services are measured on."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg.project import Project

ROOT = Path(__file__).parent.parent
BASE = "https://synthetic.example/"
FACTS_A_SOURCE = 1000
FACTS_A_PASSAGE = 4
FACTS_AN_EVENT = 5
PARTIES = 500

PREFIXES = """@prefix : <https://synthetic.example/entity/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix kg: <https://kg.example/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def generate(root: Path, facts: int) -> Project:
    """Write a project of `facts` facts into `root`; the same number gives the same bytes."""
    corpus = root / "corpus"
    corpus.mkdir(parents=True)
    (root / "queries").mkdir()
    (root / "kg.toml").write_text(f'title = "Synthetic"\nbase = "{BASE}"\n')
    shutil.copytree(ROOT / "ontology", root / "ontology")
    with (corpus / "entities.ttl").open("w") as file:
        file.write(PREFIXES)
        for number in range(PARTIES):
            file.write(f':party-{number} a kg:Polity ; rdfs:label "Party {number}"@en .\n')
        for number in range(-(-facts // FACTS_AN_EVENT)):
            file.write(f':event-{number} a kg:Agreement ; rdfs:label "Agreement {number}"@en .\n')
    for source in range(-(-facts // FACTS_A_SOURCE)):
        first = source * FACTS_A_SOURCE
        _write_source(corpus, f"s{source}", range(first, min(facts, first + FACTS_A_SOURCE)))
    return Project.open(root)


def _write_source(corpus: Path, name: str, facts: range) -> None:
    with (corpus / f"{name}.toml").open("w") as file:
        file.write(f'title = "Source {name}"\n')
        for number in range(-(-len(facts) // FACTS_A_PASSAGE)):
            file.write(
                f'\n[[passage]]\nid = "p{number}"\nspan = [{number * 100}, {number * 100 + 90}]\n'
                f'sha256 = "{number:064x}"\ndigest = "What passage {number} of {name} says."\n'
            )
    with (corpus / f"{name}.ttl").open("w") as file:
        file.write(f"{PREFIXES}@prefix s: <{BASE}source/{name}#> .\n")
        for index, fact in enumerate(facts):
            note = f"{{| kg:cites s:p{index // FACTS_A_PASSAGE} |}}"
            file.write(f":event-{fact // FACTS_AN_EVENT} {_statement(fact)} {note} .\n")


def _statement(fact: int) -> str:
    match fact % FACTS_AN_EVENT:
        case 0:
            return f'kg:date "{1500 + fact % 500}"^^edtf:EDTF'
        case 1 | 2 as side:
            return f"kg:party :party-{(fact * 7 + side * 13) % PARTIES}"
        case 3:
            return f'kg:description "It is number {fact}."@en'
        case _:
            return f'kg:aim "Aim {fact}."@en'
