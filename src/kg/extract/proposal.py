"""Candidates become nodes and statements in the ontology's terms, each with the passage that states it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.corpus.source import Passage, Source
from kg.corpus.text import Span, Text, digest
from kg.extract.candidate import Candidate, Literal, Name, Value
from kg.extract.linker import Ambiguous, Linker
from kg.facts.fact import content_hash
from kg.project import Names
from kg.terms import EDTF, RDF, XSD, Stance

CLASS = {
    "agreement": "Agreement",
    "arms": "Transfer",
    "border": "Observation",
    "conflict": "Conflict",
    "exercise": "Exercise",
    "figure": "Observation",
    "founding": "Organisation",
    "meeting": "Meeting",
    "membership": "Membership",
    "policy": "Policy",
    "role": "Membership",
    "sanction": "Sanction",
    "territory": "Transfer",
    "trade": "Observation",
}
PROPERTY = {
    "founding": {"date": "start"},
    "role": {"person": "member"},
    "territory": {"territory": "item"},
    "border": {"party": "of"},
}
"""Where a role is not called as the property is."""
TYPES = {"territory": "Place", "item": "Product", "of": "Entity", "under": "Agreement"}
"""The class of what fills a role in words."""
WORDS = frozenset({"role", "wording"})
"""Roles that stay words."""
MEASURES = {"volume": "volume", "quantity": "number", "value": "value"}
"""Amounts of an event, each an observation of its own, with its indicator."""
DATATYPES = {"edtf": EDTF + "EDTF", "decimal": XSD + "decimal", "duration": XSD + "duration"}


@dataclass(frozen=True, order=True)
class Term:
    """An IRI, or a literal with datatype or language."""

    value: str
    datatype: str = ""
    """Empty for an IRI; rdf:langString for English words."""


@dataclass(frozen=True, order=True)
class Stated:
    """One statement about a node: property (local name) and object."""

    property: str
    object: Term


@dataclass(frozen=True)
class Cited:
    """How the statements of a candidate are cited."""

    passage: str
    """Id of the passage."""
    rule: str
    confidence: float
    stance: Stance
    according_to: str = ""


@dataclass
class Node:
    """A thing that facts are proposed of."""

    iri: str
    type: str
    label: str
    new: bool
    statements: dict[Stated, Cited] = field(default_factory=dict)


@dataclass
class Proposal:
    """All that is proposed from one source."""

    source: str
    nodes: dict[str, Node] = field(default_factory=dict)
    entities: dict[str, tuple[str, str]] = field(default_factory=dict)
    """New entities: IRI to class and label."""
    passages: dict[str, Passage] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    """What a reader should look at, with how often it occurs."""


class Proposer:
    """Puts the candidates of one source into the ontology's terms."""

    def __init__(self, names: Names, linker: Linker, source: Source, text: Text) -> None:
        self.names = names
        self.linker = linker
        self.source = source
        self.text = text
        self.proposal = Proposal(source.id)

    def propose(self, candidates: Sequence[Candidate]) -> Proposal:
        """Return the proposal of all candidates; where several entities bear a name, none is guessed."""
        for candidate in candidates:
            self._add(candidate)
        used = {c.passage for node in self.proposal.nodes.values() for c in node.statements.values()}
        self.proposal.passages = {k: v for k, v in sorted(self.proposal.passages.items()) if k in used}
        mentioned = {s.object.value for node in self.proposal.nodes.values() for s in node.statements}
        mentioned |= {
            c.according_to for node in self.proposal.nodes.values() for c in node.statements.values()
        }
        self.proposal.entities = {k: v for k, v in sorted(self.proposal.entities.items()) if k in mentioned}
        return self.proposal

    def _add(self, candidate: Candidate) -> None:
        when = next(
            (v.value for r, v in candidate.roles if r in {"date", "start", "end"} and isinstance(v, Literal)),
            "",
        )
        filled = [(role, self._term(role, value, when)) for role, value in candidate.roles]
        said = self._source(candidate, when)
        cited = Cited(self._passage(candidate), candidate.rule, candidate.confidence, candidate.stance, said)
        if candidate.kind == "founding":
            self._found(candidate, filled, cited, when)
        elif CLASS[candidate.kind] == "Observation":
            self._observe(candidate, filled, cited)
        else:
            self._happen(candidate, filled, cited)

    def _source(self, candidate: Candidate, when: str) -> str:
        return self._entity(candidate.according_to, when) if candidate.according_to is not None else ""

    def _term(self, role: str, value: Value, when: str) -> Term:
        if isinstance(value, Name):
            return Term(self._entity(value, when))
        if value.datatype in DATATYPES:
            return Term(value.value, DATATYPES[value.datatype])
        if role in TYPES:
            return Term(self._entity(Name(value.value, TYPES[role]), when))
        if role == "indicator":
            return Term(self._standing(value.value, "Indicator"))
        if role.endswith("unit"):
            return Term(self._standing(value.value, "Unit"))
        return Term(value.value, RDF + "langString")

    def _entity(self, name: Name, when: str) -> str:
        """Return the entity of a name; a new one is proposed where none bears it."""
        try:
            found = self.linker.link(name, when)
        except Ambiguous:
            found = ""
            self.proposal.notes["name that several entities bear, proposed as a new one"] += 1
        if found:
            return found
        kind = "Place" if name.type == "Entity" and not name.text[:1].isupper() else name.type
        return self._new(name.text, kind)

    def _standing(self, text: str, kind: str) -> str:
        return self.linker.named(text, kind) or self._new(text, kind)

    def _new(self, text: str, kind: str) -> str:
        iri = self.names.entity + slug(text)
        if iri in self.linker.ledger.entities:
            iri += f"-{kind.lower()}"
        self.proposal.entities.setdefault(iri, (kind, text))
        return iri

    def _passage(self, candidate: Candidate) -> str:
        """Return the smallest passage that covers the span, or a new one."""
        span = Span(candidate.start, candidate.end)
        covering = [passage for passage in self.source.passages if span.within(passage.span)]
        if covering:
            return min(covering, key=lambda p: (p.span.end - p.span.start, p.id)).id
        name = f"x{span.start}-{span.end}"
        if name not in self.proposal.passages:
            gist = f"Says, as the extractor reads it: {_label(candidate)}."
            self.proposal.passages[name] = Passage(name, span, digest(self.text.quote(span)), gist, 0)
        return name

    # Kinds

    def _happen(self, candidate: Candidate, filled: list[tuple[str, Term]], cited: Cited) -> None:
        """An event, with its amounts as observations."""
        plain = [(r, t) for r, t in filled if r not in MEASURES and not r.endswith("unit") and r != "wording"]
        label = _label(candidate)
        node = self._node(candidate.kind, CLASS[candidate.kind], label, plain)
        self._state(node, candidate.kind, [(r, t) for r, t in plain if r != "name"], cited)
        units = dict(filled)
        for role, term in filled:
            if role in MEASURES:
                unit = units.get("unit" if role == "value" else f"{role}_unit") or Term(
                    self._standing("one", "Unit")
                )
                self._amount(node, candidate, MEASURES[role], term, unit, cited)

    def _amount(
        self, node: Node, candidate: Candidate, what: str, value: Term, unit: Term, cited: Cited
    ) -> None:
        what = "area" if candidate.kind == "territory" else what
        indicator = Term(self._standing(what, "Indicator"))
        roles = [("indicator", indicator), ("of", Term(node.iri))]
        amount = self._node("figure", "Observation", f"{what}: {node.label}", roles)
        self._state(amount, "figure", [*roles, ("value", value), ("unit", unit)], cited)

    def _found(self, candidate: Candidate, filled: list[tuple[str, Term]], cited: Cited, when: str) -> None:
        name = next(
            value for role, value in candidate.roles if role == "organisation" and isinstance(value, Name)
        )
        iri = self._entity(replace(name, type="Organisation"), when)
        new = iri not in self.linker.ledger.entities
        node = self.proposal.nodes.setdefault(iri, Node(iri, "Organisation", name.text, new))
        self._state(node, "founding", [(r, t) for r, t in filled if r != "organisation"], cited)

    def _observe(self, candidate: Candidate, filled: list[tuple[str, Term]], cited: Cited) -> None:
        """A figure: its node is what is measured, so that sources that differ meet at one node."""
        if candidate.kind == "border" and candidate.first("value") is None:
            self._border(candidate, filled, cited)
            return
        roles = _two_sided(filled)
        if candidate.kind == "border":
            roles.insert(0, ("indicator", Term(self._standing("length of border", "Indicator"))))
        among = [Term(t.value, RDF + "langString") for r, t in roles if r == "among"]
        roles = [(r, t) for r, t in roles if r != "among"]
        identity = [(r, t) for r, t in roles if r not in {"value", "unit", "wording"}] + [
            ("among", t) for t in among
        ]
        node = self._node(candidate.kind, "Observation", _label(candidate), identity)
        self._state(node, candidate.kind, roles + [("description", t) for t in among], cited)

    def _border(self, candidate: Candidate, filled: list[tuple[str, Term]], cited: Cited) -> None:
        """A border without a length is a statement about the two states themselves."""
        one, other = sorted(term for role, term in filled if role == "party")
        label = candidate.names("party")[0]
        node = self.proposal.nodes.setdefault(one.value, Node(one.value, "Polity", label, False))
        self._state(node, "border", [("borders", other)], cited)

    def _node(self, kind: str, class_: str, label: str, identity: list[tuple[str, Term]]) -> Node:
        known = self.linker.named(label, class_) if class_ != "Observation" else ""
        marks = "\n".join(sorted(f"{role} {term.value}" for role, term in identity))
        iri = known or f"{self.names.entity}{slug(label)}-{content_hash(kind + chr(10) + marks)[:6]}"
        return self.proposal.nodes.setdefault(iri, Node(iri, class_, label, not known))

    def _state(self, node: Node, kind: str, roles: Sequence[tuple[str, Term]], cited: Cited) -> None:
        for role, term in roles:
            statement = Stated(PROPERTY.get(kind, {}).get(role, role), term)
            known = node.statements.get(statement)
            if known is None or known.confidence < cited.confidence:
                node.statements[statement] = cited


def _two_sided(filled: list[tuple[str, Term]]) -> list[tuple[str, Term]]:
    """Return the parties of a measure without direction as kg:of and kg:counterpart, by their names."""
    parties = sorted(term for role, term in filled if role == "party")
    rest = [(role, term) for role, term in filled if role != "party"]
    sides = [("of" if index == 0 else "counterpart", party) for index, party in enumerate(parties)]
    return sides + rest


def _label(candidate: Candidate) -> str:
    """Say in a few words what a node is."""

    def said(role: str) -> str:
        values = [v.text if isinstance(v, Name) else v.value for v in candidate.values(role)]
        return ", ".join(values[:-1]) + (" and " if len(values) > 1 else "") + values[-1] if values else ""

    when = said("date") or said("start")
    dated = f", {when}" if when else ""
    name = said("name")
    match candidate.kind:
        case "agreement" if name[:1].isupper():
            return name
        case "agreement" | "exercise" | "meeting" | "conflict":
            what = name or candidate.kind
            return f"{what} of {said('party')}{dated}" if said("party") else f"{what}{dated}"
        case "role":
            return f"{said('person')} as {said('role')} of {said('organisation')}"
        case "membership":
            return f"{said('member')} in {said('organisation')}"
        case "arms" | "territory":
            thing = said("item") or said("territory")
            sides = "".join(f" {w} {said(w)}" for w in ("from", "to") if said(w))
            return f"{thing}{sides}{dated}"
        case "sanction":
            return f"{name or 'sanctions'} of {said('actor')} against {said('target')}{dated}"
        case "policy":
            return name
        case "border":
            return f"length of the border of {said('party')}"
        case _:
            sides = said("party") or " to ".join(filter(None, (said("from"), said("to")))) or said("of")
            return f"{said('indicator')}: {sides}{dated}"


def slug(text: str) -> str:
    """Return a text as the last part of an IRI: lower-case letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return "-".join(words)[:80].strip("-") or "x" + content_hash(text)[:8]
