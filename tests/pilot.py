"""The small project with a second source: coordinates in terms of its own, figures, extracted facts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.corpus.text import digest
from tests.canal import copy_canal

TEXT = "Port Said lies at 31.26 N, 32.28 E. Suez lies at 29.97 N, 32.53 E. 500 ships passed in 1870. \
The canal was 8 m deep in 1870 and 10 m in 1900."
PASSAGES = {"p1": (0, 35), "p2": (36, 66), "p3": (67, 92), "p4": (93, 141)}
ONTOLOGY = """
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix kg: <https://kg.example/ontology#> .
@prefix own: <https://canal.example/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
own:lies a owl:DatatypeProperty ; rdfs:label "lies at"@en ;
    skos:definition "Where it is, longitude first."@en ; skos:example "POINT(32.28 31.26)"@en ;
    schema:domainIncludes kg:Place ; schema:rangeIncludes geo:wktLiteral .
"""
FACTS = """
@prefix : <https://canal.example/entity/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix kg: <https://kg.example/ontology#> .
@prefix own: <https://canal.example/ontology#> .
@prefix pilot: <https://canal.example/source/pilot#> .
:port-said own:lies "POINT(32.28 31.26)"^^geo:wktLiteral {| kg:cites pilot:p1 |} .
:suez own:lies "POINT(32.53 29.97)"^^geo:wktLiteral {| kg:cites pilot:p2 |} .
:ships-1870 kg:value 500 {| kg:cites pilot:p3 |} .
:depth-1870 kg:indicator :depth {| kg:cites pilot:p4 |} ; kg:of :suez-canal {| kg:cites pilot:p4 |} ;
    kg:unit :metre {| kg:cites pilot:p4 |} ; kg:value 8 {| kg:cites pilot:p4 |} ;
    kg:date "1870"^^edtf:EDTF {| kg:cites pilot:p4 |} .
:depth-1900 kg:indicator :depth {| kg:cites pilot:p4 |} ; kg:of :suez-canal {| kg:cites pilot:p4 |} ;
    kg:unit :metre {| kg:cites pilot:p4 |} ;
    kg:value 10 {| kg:cites pilot:p4 ; kg:method kg:Extracted ; kg:confidence 0.87 ; kg:rule "figure.is" ;
        kg:verdict kg:Accepted |} ;
    kg:date "1900"^^edtf:EDTF
        {| kg:cites pilot:p4 ; kg:method kg:Extracted ; kg:confidence 0.6 ; kg:rule "model.figure" |} .
"""
ENTITIES = """
:port-said a kg:Place ; rdfs:label "Port Said"@en .
:suez a kg:Place ; rdfs:label "Suez"@en .
:depth a kg:Indicator ; rdfs:label "depth"@en .
:metre a kg:Unit ; rdfs:label "metre"@en .
:depth-1870 a kg:Observation ; rdfs:label "depth in 1870"@en .
:depth-1900 a kg:Observation ; rdfs:label "depth in 1900"@en .
"""


def copy_with_pilot(root: Path) -> Path:
    """A copy of the small project with two places whose coordinates are facts."""
    copy_canal(root)
    (root / "ontology" / "own.ttl").write_text(ONTOLOGY)
    corpus = root / "corpus"
    (corpus / "pilot.txt").write_text(TEXT)
    (corpus / "pilot.toml").write_text(_record())
    (corpus / "pilot.ttl").write_text(FACTS)
    with (corpus / "entities.ttl").open("a") as entities:
        entities.write(ENTITIES)
    return root


def _record() -> str:
    whole = hashlib.sha256(TEXT.encode()).hexdigest()
    head = f'title = "Pilot"\n[original]\nfile = "pilot.txt"\nsha256 = "{whole}"\n'
    return head + "".join(
        f'[[passage]]\nid = "{name}"\nspan = [{start}, {end}]\nsha256 = "{digest(TEXT[start:end])}"\n'
        f'digest = "A pilot knows it."\n'
        for name, (start, end) in PASSAGES.items()
    )
