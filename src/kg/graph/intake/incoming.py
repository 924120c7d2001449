"""What an import makes: sources whose text is the data, passages in it, facts that cite them.

The text of an imported source is the data itself, a row of a table or a triple a line. So a passage is
an exact span of it and is verified at every build, like that of any other source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from kg.corpus.text import Span, digest
from kg.terms import KG, LABEL, TYPE

RECORD = ("title", "creators", "date", "publisher", "language", "rights", "url")
"""The fields of a record that an import may fill."""


@dataclass(frozen=True)
class IncomingFact:
    """One fact on its way in; terms in N-Triples."""

    subject: str
    predicate: str
    object: str
    passage: str
    """IRI of the passage that it cites."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """The rest of the annotation: prefixed property to value in Turtle."""

    def turtle(self) -> str:
        """The annotated statement."""
        notes = "".join(f" ; {name} {value}" for name, value in sorted(self.notes.items()))
        return f"{self.subject} {self.predicate} {self.object} {{| kg:cites <{self.passage}>{notes} |}} .\n"


@dataclass
class IncomingSource:
    """One source on its way in."""

    id: str
    iri: str
    record: Mapping[str, object]
    text: str = ""
    passages: list[tuple[Span, str]] = field(default_factory=list)
    """Span and digest of each."""
    declarations: dict[str, None] = field(default_factory=dict)
    """Lines of Turtle that declare entities, each once, in order."""
    facts: dict[str, IncomingFact] = field(default_factory=dict)
    """By their line of Turtle, likewise."""
    _labelled: set[tuple[str, str]] = field(default_factory=set)

    def append(self, line: str, gist: str) -> str:
        """Add a line to the text; the IRI of the passage that it is."""
        start = len(self.text)
        self.text += f"{line}\n"
        return self.cite(Span(start, start + len(line)), gist)

    def cite(self, span: Span, gist: str) -> str:
        """Make a passage of a span of the text; its IRI."""
        self.passages.append((span, gist))
        return f"{self.iri}#p{len(self.passages)}"

    def declare(self, iri: str, types: list[str], label: str, language: str = "") -> None:
        """Declare an entity by IRIs of its types and its label; the first label in a language stays."""
        for type_ in types:
            self.declarations[f"<{iri}> <{TYPE}> <{type_}> .\n"] = None
        if label and (iri, language) not in self._labelled:
            self._labelled.add((iri, language))
            literal = ox.Literal(label, language=language) if language else ox.Literal(label)
            self.declarations[f"<{iri}> <{LABEL}> {literal} .\n"] = None

    def judge(self, verdict: str) -> None:
        """Give every fact that verdict, where it has none of its own."""
        own = {"kg:verdict": f"kg:{verdict}"}
        judged = [replace(fact, notes={**own, **fact.notes}) for fact in self.facts.values()]
        self.facts = {fact.turtle(): fact for fact in judged}

    def forget(self, known: Container[str]) -> None:
        """Leave out the declarations of entities that are known already, by IRI."""
        self.declarations = {
            line: None for line in self.declarations if line[1:].partition(">")[0] not in known
        }

    def state(self, fact: IncomingFact) -> None:
        """Add a fact."""
        self.facts[fact.turtle()] = fact

    def files(self) -> dict[str, str]:
        """The files of the source, by name: text, record and facts."""
        files = {}
        if self.text:
            files[f"{self.id}.txt"] = self.text
            files[f"{self.id}.toml"] = self._record()
        if self.facts or self.declarations:
            head = f"@prefix kg: <{KG}> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
            files[f"{self.id}.ttl"] = head + "".join((*self.declarations, "\n", *self.facts))
        return files

    def _record(self) -> str:
        lines = [f"{name} = {_toml(self.record[name])}" for name in RECORD if self.record.get(name)]
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        lines += ["", "[original]", f"file = {_toml(f'{self.id}.txt')}", f'sha256 = "{sha256}"']
        for number, (span, gist) in enumerate(self.passages, 1):
            words = self.text[span.start : span.end]
            lines += ["", "[[passage]]", f'id = "p{number}"', f"span = {span}", f'sha256 = "{digest(words)}"']
            lines.append(f"digest = {_toml(gist)}")
        return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
