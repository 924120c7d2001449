"""The names that the program itself knows: namespaces, and terms of the citation model.

Everything else (events, treaties, figures) is known to the ontology files alone.
"""

from __future__ import annotations

from enum import StrEnum

KG = "https://kg.example/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
EDTF = "http://id.loc.gov/datatypes/edtf/"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"

TYPE = RDF + "type"
LABEL = RDFS + "label"
ALT_LABEL = SKOS + "altLabel"
REIFIES = RDF + "reifies"
COMMENT = RDFS + "comment"

PREFIXES = {
    "dcterms": DCTERMS,
    "edtf": EDTF,
    "kg": KG,
    "oa": OA,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sh": SH,
    "skos": SKOS,
    "xsd": XSD,
}


class Verdict(StrEnum):
    """What the curators hold of a fact; the local name in the ontology."""

    ACCEPTED = "Accepted"
    UNVERIFIED = "Unverified"
    CONTESTED = "Contested"
    REJECTED = "Rejected"


class Stance(StrEnum):
    """How a passage puts a fact forward."""

    STATES = "States"
    REPORTS = "Reports"
    CLAIMS = "Claims"
    ESTIMATES = "Estimates"
    PREDICTS = "Predicts"
    DENIES = "Denies"

    @property
    def supports(self) -> bool:
        """Whether a citation with this stance can carry an accepted fact (DESIGN: three axes)."""
        return self in {Stance.STATES, Stance.REPORTS, Stance.ESTIMATES}


class Method(StrEnum):
    """How a citation came into the graph."""

    CURATED = "Curated"
    EXTRACTED = "Extracted"


class Note(StrEnum):
    """The properties that an annotation block may use, by IRI."""

    CITES = KG + "cites"
    ACCORDING_TO = KG + "accordingTo"
    STANCE = KG + "stance"
    METHOD = KG + "method"
    CONFIDENCE = KG + "confidence"
    RULE = KG + "rule"
    VERDICT = KG + "verdict"
    COMMENT = COMMENT


AUTHORITY = frozenset(
    {
        TYPE,
        LABEL,
        ALT_LABEL,
        SKOS + "scopeNote",
        SKOS + "exactMatch",
        DCTERMS + "identifier",
        KG + "succeeds",
    }
)
"""What says which entity is meant, rather than something about the world: it needs no citation."""
