"""An answer becomes a reference to it that lasts: the query, the build, and the hash of the result."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from kg.store.cite.answer import CitedAnswer
from kg.store.store import Term


@dataclass(frozen=True)
class Permalink:
    """What must be the same for an answer to be the same."""

    query: str
    build: str
    """The build's id, which is a hash of all that is in it."""
    sha256: str
    """Of the result; see `digest`."""

    @classmethod
    def of(cls, query: str, build: str, answer: CitedAnswer) -> Permalink:
        """Refer to an answer that a build has given to a query."""
        return cls(query, build, digest(answer))

    def url(self, address: str) -> str:
        """The URL at which a service (given by its own, without a path) gives the answer again."""
        names = {"query": self.query, "cite": "true", "build": self.build, "sha256": self.sha256}
        return f"{address.rstrip('/')}/sparql?{urlencode(names)}"

    def page(self, address: str) -> str:
        """The URL of the page that shows the answer, and says whether it is still the same."""
        names = {"query": self.query, "build": self.build, "sha256": self.sha256}
        return f"{address.rstrip('/')}/query?{urlencode(names)}"

    def holds(self, build: str, answer: CitedAnswer) -> bool:
        """Whether that build's answer is the one referred to. Where only the build differs, it may be."""
        return self.build == build and self.sha256 == digest(answer)


def digest(answer: CitedAnswer) -> str:
    """The SHA-256 of a result, in hexadecimal: of its variables and, sorted, its rows in N-Triples terms.

    Sorted, because SPARQL leaves open the order of rows that an ORDER BY does not tell apart. Blank
    nodes all count as `_:`, for their labels are a store's own.
    """
    rows = sorted("\t".join(map(_text, row.values)) for row in answer.rows)
    lines = [answer.form, "\t".join(answer.variables), *rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    text = str(term)
    return "_:" if text.startswith("_:") else text
