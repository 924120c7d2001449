"""Names become entities of the authority file where label, alias, type and time decide; else new ones."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from kg.extract.candidate import Name
from kg.extract.gazetteer import Entry, Gazetteer, world
from kg.facts.date import Bounds, bounds
from kg.facts.fact import Fact
from kg.facts.ledger import Entity, Ledger
from kg.facts.ontology import Ontology
from kg.terms import EDTF, KG, SKOS, Verdict

TAUGHT = (
    "Polity",
    "Organisation",
    "Person",
    "Place",
    "Agreement",
    "Conflict",
    "Exercise",
    "Product",
    "Policy",
)
"""Classes whose names the extractor learns from the authority file."""
FITTING = {
    "Polity": {"Polity", "Place"},
    "Place": {"Place", "Polity"},
    "Organisation": {"Organisation"},
    "Entity": {"Entity"},
}
"""The classes that a name of a type may turn out to be."""


_SCOPE = re.compile(rf'"([^"]*)"\^\^<{EDTF}EDTF>')
"""A scope note that is a time: when the entity existed, so that a name shared with others means it."""
PRESENT = date(1993, 1, 1)
"""From then on a name that a state shares with its predecessors means the state of today."""


class Ambiguous(Exception):
    """Several entities bear the name, and neither type nor time decides between them."""


@dataclass
class Linker:
    """Finds entities by name."""

    ledger: Ledger
    ontology: Ontology
    _by_name: dict[str, list[Entity]] = field(default_factory=lambda: defaultdict(list))
    _lifetimes: dict[str, Bounds] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entity in self.ledger.entities.values():
            for key in {_key(surface) for surface in (*entity.labels.values(), *entity.aliases)}:
                self._by_name[key].append(entity)
        dated: dict[str, dict[str, str]] = defaultdict(dict)
        for fact in self.ledger.facts.values():
            which = {f"<{KG}start>": "start", f"<{KG}end>": "end"}.get(fact.predicate)
            if which is not None and fact.verdict is Verdict.ACCEPTED:
                dated[fact.subject[1:-1]].setdefault(which, _value(fact))
        for iri, times in dated.items():
            self._lifetimes[iri] = _lifetime(times)
        for entity in self.ledger.entities.values():
            for predicate, value in entity.others:
                scope = _SCOPE.fullmatch(value) if predicate == f"<{SKOS}scopeNote>" else None
                life = _bound(scope[1]) if scope else None
                if life is not None:
                    self._lifetimes[entity.iri] = life

    def gazetteer(self) -> Gazetteer:
        """Return the world's names with those of the authority file that it lacks."""
        known = world().copy()
        for entity in self.ledger.entities.values():
            kind = next((name for name in TAUGHT if KG + name in entity.types), None)
            surfaces = sorted({*entity.labels.values(), *entity.aliases})
            usual = next(
                (entry.name for entry in map(known.get, surfaces) if entry is not None), entity.label
            )
            for surface in surfaces if kind else ():
                if kind is not None and surface.endswith("-"):
                    known.add(surface.removesuffix("-"), Entry(usual, kind, "adjective"))
                elif kind is not None and len(surface) > 2 and surface[0].isupper():
                    known.add(surface, Entry(surface, kind))
        return known

    def link(self, name: Name, when: str = "") -> str:
        """Return the IRI of the one entity that a name can mean; empty where there is none yet.

        `when` is the EDTF date of what is told of it. Raises Ambiguous.
        """
        found = [entity for entity in self._by_name.get(_key(name.text), []) if self._fits(entity, name.type)]
        if len(found) > 1:
            found = [entity for entity in found if self._lived(entity, when)]
        if len(found) > 1:
            raise Ambiguous(name.text)
        return found[0].iri if found else ""

    def named(self, text: str, kind: str) -> str:
        """Return the IRI of the one entity of a class with a name; empty where there is not just one."""
        found = [entity for entity in self._by_name.get(_key(text), []) if KG + kind in entity.types]
        return found[0].iri if len(found) == 1 else ""

    def label(self, iri: str) -> str:
        """Return the label of an entity."""
        return self.ledger.entities[iri].label

    def _fits(self, entity: Entity, kind: str) -> bool:
        wanted = frozenset(KG + name for name in FITTING.get(kind, {kind}))
        return self.ontology.is_a(entity.types, wanted)

    def _lived(self, entity: Entity, when: str) -> bool:
        """Say whether an entity existed at a time; of those in succession only the last lives on.

        When it existed its own facts say, or a scope note of the authority file that is an EDTF interval.
        """
        try:
            moment = bounds(when) if when else None
        except ValueError:
            moment = None
        if moment is None or moment.earliest is None or moment.earliest >= PRESENT:
            return not self._succeeded(entity)
        life = self._lifetimes.get(entity.iri)
        return life is None or _within(moment, life)

    def _succeeded(self, entity: Entity) -> bool:
        successors = f"<{KG}succeeds>", f"<{entity.iri}>"
        return any(successors in other.others for other in self.ledger.entities.values())


def _within(moment: Bounds, life: Bounds) -> bool:
    begins = life.earliest is None or (moment.latest is None or moment.latest >= life.earliest)
    ends = life.latest is None or (moment.earliest is not None and moment.earliest <= life.latest)
    return begins and ends


def _lifetime(times: dict[str, str]) -> Bounds:
    start, end = _bound(times.get("start", "")), _bound(times.get("end", ""))
    first: date | None = start.earliest if start else None
    last: date | None = end.latest if end else None
    return Bounds(first, last)


def _bound(text: str) -> Bounds | None:
    try:
        return bounds(text) if text else None
    except ValueError:
        return None


def _value(fact: Fact) -> str:
    match = re.match(r'"([^"]*)"', fact.object)
    return match[1] if match else ""


def _key(text: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(text.casefold().split()))
