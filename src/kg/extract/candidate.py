"""What an extractor proposes: one fact of one kind, with the span that states it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.terms import Stance

KINDS = (
    "agreement",
    "arms",
    "border",
    "conflict",
    "exercise",
    "figure",
    "founding",
    "meeting",
    "membership",
    "policy",
    "role",
    "sanction",
    "territory",
    "trade",
)


@dataclass(frozen=True, order=True)
class Name:
    """An entity as the text names it; the linker decides which one it is."""

    text: str
    """The name to show: the text's own, or the usual one of a state that the text names by its adjective."""
    type: str
    """Local name of a class of the ontology, such as `Polity`."""
    start: int = 0
    """First code point in the document."""
    end: int = 0
    """Code point after the last."""
    iri: str = ""
    """The entity of the authority file, where the name alone decides it."""


@dataclass(frozen=True, order=True)
class Literal:
    """A value that is no entity."""

    value: str
    datatype: str
    """`edtf`, `decimal`, `duration` or `text`."""


Value = Name | Literal
Role = tuple[str, Value]


@dataclass(frozen=True)
class Candidate:
    """A fact that the text may state; start and end are code points of the document, end exclusive."""

    kind: str
    roles: tuple[Role, ...]
    start: int
    end: int
    rule: str
    confidence: float
    stance: Stance = Stance.STATES
    according_to: Name | None = None

    def values(self, role: str) -> Iterator[Value]:
        """Every value that fills the role."""
        return (value for name, value in self.roles if name == role)

    def names(self, role: str) -> tuple[str, ...]:
        """The names that fill the role, as texts."""
        return tuple(value.text for value in self.values(role) if isinstance(value, Name))

    def first(self, role: str) -> Value | None:
        """The first value of the role, if any."""
        return next(self.values(role), None)

    def adding(self, *roles: Role) -> Candidate:
        """The same fact with further roles; those it has already are not repeated."""
        known = set(self.roles)
        return replace(self, roles=self.roles + tuple(role for role in roles if role not in known))

    def sort_key(self) -> tuple[int, int, str, str]:
        """Text order first."""
        return (self.start, self.end, self.kind, repr(self.roles))
