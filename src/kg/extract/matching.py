"""Two facts are compared: whether an extracted one says the same as an expected one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from rapidfuzz import fuzz

from kg.extract.candidate import Candidate, Name
from kg.extract.gazetteer import Gazetteer, world

CORE = {
    "agreement": ("party", "name?"),
    "arms": ("from", "to", "item"),
    "border": ("party",),
    "conflict": ("party",),
    "exercise": ("party",),
    "figure": ("indicator", "value", "of"),
    "founding": ("organisation",),
    "meeting": ("party",),
    "membership": ("member", "organisation"),
    "policy": ("name",),
    "role": ("person", "role", "organisation"),
    "sanction": ("actor", "target"),
    "territory": ("territory", "to"),
    "trade": ("indicator", "value"),
}
"""The roles without which a fact is another one; with `?` where it counts only if the other has no party."""
TIMES = ("date", "start", "end")
FREE = frozenset({"wording", "name", "among", "according_to", "stance", "under", "unit"})
"""Roles in which the words may differ."""
_ALIKE = 80


@dataclass(frozen=True)
class Fact:
    """A fact as a table of texts, whoever found it."""

    kind: str
    roles: Mapping[str, tuple[str, ...]] = field(hash=False)
    stance: str = "States"
    confidence: float = 1.0
    rule: str = ""
    quote: str = ""

    @classmethod
    def of(cls, candidate: Candidate, quote: str = "") -> Fact:
        """Return a candidate as a table."""
        roles: dict[str, tuple[str, ...]] = {}
        for role, value in candidate.roles:
            text = value.text if isinstance(value, Name) else value.value
            roles[role] = (*roles.get(role, ()), text)
        return cls(candidate.kind, roles, str(candidate.stance), candidate.confidence, candidate.rule, quote)

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> Fact:
        """Return a fact of a case file."""
        roles = {role: _texts(value) for role, value in table.items() if role not in {"kind", "stance"}}
        return cls(str(table["kind"]), roles, str(table.get("stance", "States")))

    def __str__(self) -> str:
        parts = (f"{role}={', '.join(values)}" for role, values in self.roles.items())
        return f"{self.kind}: {'; '.join(parts)}" + (f" [{self.stance}]" if self.stance != "States" else "")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


class Matcher:
    """Compares facts; a state is the same by any of its names."""

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer or world()

    def relaxed(self, found: Fact, expected: Fact) -> bool:
        """Say whether both are the same fact and nothing that both give differs."""
        if found.kind != expected.kind or not self._core(found, expected):
            return False
        shared = (found.roles.keys() & expected.roles.keys()) - FREE
        return all(self._compatible(role, found.roles[role], expected.roles[role]) for role in shared)

    def exact(self, found: Fact, expected: Fact) -> bool:
        """Say whether both give the same roles with the same values, and the same stance."""
        if not self.relaxed(found, expected) or found.stance != expected.stance:
            return False
        roles = (found.roles.keys() | expected.roles.keys()) - FREE
        return all(
            self._equal(role, found.roles.get(role, ()), expected.roles.get(role, ())) for role in roles
        )

    def _core(self, found: Fact, expected: Fact) -> bool:
        for role in CORE[found.kind]:
            mine, theirs = found.roles.get(role.rstrip("?"), ()), expected.roles.get(role.rstrip("?"), ())
            if role.endswith("?"):
                partless = not found.roles.get("party") or not expected.roles.get("party")
                if partless and not self._overlap(role, mine, theirs):
                    return False
            elif role == "party" and (not mine or not theirs) and "name?" in CORE[found.kind]:
                continue
            elif not self._overlap(role, mine, theirs):
                return False
        return True

    def _overlap(self, role: str, mine: Sequence[str], theirs: Sequence[str]) -> bool:
        return any(self._same(role, one, other) for one in mine for other in theirs)

    def _compatible(self, role: str, mine: Sequence[str], theirs: Sequence[str]) -> bool:
        """Say whether what was found is part of what was expected."""
        if role in TIMES:
            return all(any(_consistent(one, other) for other in theirs) for one in mine)
        return all(any(self._same(role, one, other) for other in theirs) for one in mine)

    def _equal(self, role: str, mine: Sequence[str], theirs: Sequence[str]) -> bool:
        if len(mine) != len(theirs):
            return False
        if role in TIMES:
            return set(mine) == set(theirs)
        return self._compatible(role, mine, theirs) and self._compatible(role, theirs, mine)

    def _same(self, role: str, one: str, other: str) -> bool:
        if one == other:
            return True
        numbers = _number(one), _number(other)
        if role in {"value", "quantity", "volume"}:
            return numbers[0] is not None and numbers[0] == numbers[1]
        keys = self._key(one), self._key(other)
        if keys[0] == keys[1]:
            return True
        return _alike(*keys)

    def _key(self, text: str) -> str:
        text = re.sub(r"^(?:the|a|an)\s+", "", text.strip(), flags=re.IGNORECASE)
        entry = self._gazetteer.get(text)
        return _fold(entry.name if entry is not None else text)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c))))


def _alike(one: str, other: str) -> bool:
    """Say whether one name holds the other, word by word, or they are nearly spelt the same."""
    mine, theirs = set(one.split()), set(other.split())
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return True
    return fuzz.token_sort_ratio(one, other) >= _ALIKE


def _consistent(one: str, other: str) -> bool:
    """Say whether two EDTF dates can be the same: equal, or one more precise than the other."""
    one, other = (text.rstrip("~?").removesuffix("/..") for text in (one, other))
    if one == other:
        return True
    ends = [part for text in (one, other) for part in text.split("/")]
    short, long = sorted((one, other), key=len)
    if "/" in long and "/" not in short:
        first, last = long.split("/")
        return first[: len(short)] <= short <= last[: len(short)] if len(short) <= len(first) else False
    return long.startswith(short) or any("X" in end and long.startswith(end.rstrip("X")) for end in ends)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def pairs(matcher: Matcher, found: Iterable[Fact], expected: Iterable[Fact]) -> list[tuple[Fact, Fact]]:
    """Pair facts one to one, exact matches first, in the order given."""
    rest, matched = list(expected), []
    pending = list(found)
    for same in (matcher.exact, matcher.relaxed):
        left = []
        for fact in pending:
            hit = next((other for other in rest if same(fact, other)), None)
            if hit is None:
                left.append(fact)
            else:
                rest.remove(hit)
                matched.append((fact, hit))
        pending = left
    return matched
