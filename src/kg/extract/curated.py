"""What curators wrote becomes expected facts, kind by kind, for the extractor to be measured against."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kg.extract.candidate import Candidate, Name
from kg.extract.document import Document
from kg.extract.evaluate import Case
from kg.extract.harvest import Harvester
from kg.extract.linker import Ambiguous, Linker
from kg.extract.matching import Fact, Matcher
from kg.facts.fact import Fact as CuratedFact
from kg.project import Project
from kg.terms import KG

KIND = {
    "Agreement": "agreement",
    "Conflict": "conflict",
    "Exercise": "exercise",
    "Meeting": "meeting",
    "Policy": "policy",
    "Sanction": "sanction",
}
"""The kinds that a class alone tells; memberships, transfers and observations are told by what they have."""
RENAMED = {"counterpart": "party", "location": "place"}
_TRADE = {"trade": "trade volume", "exports": "exports", "imports": "imports", "investment": "investment"}


def curated_cases(
    project: Project, originals: Path | None
) -> tuple[list[Case], Callable[[Document], Sequence[Candidate]], Matcher]:
    """Return a case for each source at hand, and the extractor and matcher that fit the project."""
    harvester = Harvester(project, originals)
    cases = []
    for source in harvester.corpus.sources:
        text = harvester.corpus.texts.get(source.id)
        if text is None:
            continue
        part = source.original.span if source.original and source.original.span else text.span
        facts = tuple(_expected(harvester.linker, project.names.source(source.id)))
        cases.append(Case(source.id, Document(text.quote(part), source.date or ""), facts))

    def run(document: Document) -> list[Candidate]:
        return [_labelled(c, harvester.linker) for c in harvester.extractor(document, harvester.gazetteer)]

    return cases, run, Matcher(harvester.gazetteer)


def _expected(linker: Linker, source: str) -> Iterator[Fact]:
    """Yield the facts of extracted kinds that a source is cited for."""
    nodes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fact in linker.ledger.facts.values():
        if any(citation.source == source for citation in fact.citations):
            role = fact.predicate[1:-1].removeprefix(KG)
            nodes[fact.subject[1:-1]][RENAMED.get(role, role)].append(_said(fact, linker))
    for iri, roles in sorted(nodes.items()):
        entity = linker.ledger.entities.get(iri)
        if entity is None:
            continue
        table = {role: tuple(sorted(values)) for role, values in roles.items()}
        yield from _facts({name.removeprefix(KG) for name in entity.types}, entity.label, table)


def _said(fact: CuratedFact, linker: Linker) -> str:
    if fact.object.startswith("<"):
        entity = linker.ledger.entities.get(fact.object[1:-1])
        return entity.label if entity else fact.object
    match = re.match(r'"((?:[^"\\]|\\.)*)"', fact.object)
    return match[1] if match else fact.object


def _facts(types: set[str], label: str, roles: dict[str, tuple[str, ...]]) -> Iterator[Fact]:
    for name, kind in KIND.items():
        if name in types and (roles.keys() & {"party", "actor", "date"}):
            yield Fact(
                kind,
                _only(roles, "party", "actor", "target", "date", "place", "duration") | {"name": (label,)},
            )
    if "Organisation" in types and roles.keys() & {"founder"} | (roles.keys() & {"start"}):
        date = {"date": roles["start"]} if "start" in roles else {}
        yield Fact("founding", _only(roles, "founder", "place") | date | {"organisation": (label,)})
    if "Membership" in types and {"member", "organisation"} <= roles.keys():
        dates = _only(roles, "start", "end", "organisation")
        if "role" in roles:
            yield Fact("role", dates | {"person": roles["member"], "role": roles["role"]})
        else:
            yield Fact("membership", dates | {"member": roles["member"]})
    if "Observation" in types and {"indicator", "value"} <= roles.keys():
        yield from _figures(roles)


def _figures(roles: dict[str, tuple[str, ...]]) -> Iterator[Fact]:
    indicator = roles["indicator"][0]
    sides = _only(roles, "from", "to", "of", "value", "date", "start", "end")
    for word in ("share", "rank", "growth", "change"):
        if word in indicator:
            name = "growth" if word == "change" else word
            yield Fact("figure", sides | {"indicator": (name,)})
            return
    for word, name in _TRADE.items():
        if word in indicator and "target" not in indicator:
            parties = tuple(sorted({*roles.get("of", ()), *roles.get("party", ())}))
            sides.pop("of", None)
            yield Fact("trade", sides | {"indicator": (name,)} | ({"party": parties} if parties else {}))
            return


def _only(roles: dict[str, tuple[str, ...]], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: roles[name] for name in names if name in roles}


def _labelled(candidate: Candidate, linker: Linker) -> Candidate:
    """Call every entity by the label it has in the authority file."""
    when = next(
        (v.value for r, v in candidate.roles if r in {"date", "start"} and not isinstance(v, Name)), ""
    )
    roles = tuple(
        (role, _label(value, linker, when) if isinstance(value, Name) else value)
        for role, value in candidate.roles
    )
    return replace(candidate, roles=roles)


def _label(name: Name, linker: Linker, when: str) -> Name:
    try:
        iri = linker.link(name, when)
    except Ambiguous:
        return name
    return replace(name, text=linker.label(iri)) if iri else name
