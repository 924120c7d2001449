"""Names that are known beforehand: states, their adjectives and capitals, and the project's own entities."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import countryinfo

ARTICLE = "The "


@dataclass(frozen=True, order=True)
class Entry:
    """What a surface form stands for."""

    name: str
    type: str
    """Local name of a class of the ontology."""
    form: str = "name"
    """`name`, `adjective`, `people` ("the Kenyans"), or `capital` (of the state it then stands for)."""
    iri: str = ""


@dataclass
class Gazetteer:
    """Surface forms, found by longest match over the words of a sentence."""

    _entries: dict[tuple[str, ...], Entry] = field(default_factory=dict)
    _longest: dict[str, int] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()

    def add(self, surface: str, entry: Entry, *, override: bool = False) -> None:
        """Let a surface form stand for an entry; the first one given stays unless told otherwise."""
        words = tuple(_words(surface))
        if words and (override or words not in self._entries):
            self._entries[words] = entry
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def get(self, surface: str) -> Entry | None:
        """Return the entry of a whole surface form."""
        return self._entries.get(tuple(_words(surface)))

    def copy(self) -> Gazetteer:
        """Return an independent copy, for a project to add its own entities to."""
        return Gazetteer(dict(self._entries), dict(self._longest), self.ambiguous)

    def matches(self, words: Sequence[str]) -> Iterator[tuple[int, int, Entry]]:
        """Yield every longest match as (first word, word after the last, entry), from left to right."""
        position = 0
        while position < len(words):
            length, entry = self._at(words, position)
            if entry is not None:
                yield position, position + length, entry
            position += length

    def _at(self, words: Sequence[str], position: int) -> tuple[int, Entry | None]:
        for length in range(self._longest.get(words[position], 0), 0, -1):
            entry = self._entries.get(tuple(words[position : position + length]))
            if entry is not None:
                return length, entry
        return 1, None


def _words(surface: str) -> list[str]:
    """Split as the tokeniser does: at spaces, before a hyphen between words, and before `'s`."""
    spaced = surface.replace("-", " - ").replace("–", " – ")
    return spaced.replace("'s ", " 's ").replace("’s ", " ’s ").split()


@cache
def world() -> Gazetteer:
    """States of today with adjectives and capitals, from `countryinfo` and the list beside this file."""
    extra = tomllib.loads(files("kg.extract").joinpath("gazetteer.toml").read_text("utf-8"))
    found = Gazetteer(ambiguous=frozenset(extra["ambiguous"]["names"]))
    for name, names in extra["names"].items():
        _add_all(found, [name, *names], Entry(name, _type(name)))
    for name, adjectives in extra["adjectives"].items():
        _add_all(found, adjectives, Entry(name, _type(name), "adjective"))
    states = sorted(_states(), key=lambda state: -state[4])
    codes = {code: name for name, *_, code in states} | {"EU": "European Union"}
    for name, *_ in states:
        found.add(name, Entry(name, "Polity"))
    for name, aliases, adjective, capital, *_ in states:
        _add_all(found, aliases, Entry(name, "Polity"))
        _add_all(found, [adjective] if adjective != name else [], Entry(name, "Polity", "adjective"))
        plural = [f"{adjective}s"] if adjective.endswith(("an", "i")) and adjective != name else []
        _add_all(found, plural, Entry(name, "Polity", "people"))
        _add_all(found, [capital], Entry(name, "Polity", "capital"))
    for code, prefixes in extra["prefixes"].items():
        _add_all(found, prefixes, Entry(codes[code], _type(codes[code]), "adjective"))
    for name, capitals in extra["capitals"].items():
        _add_all(found, capitals, Entry(name, "Polity", "capital"))
    return found


def _type(name: str) -> str:
    return "Organisation" if name.endswith(("Union", "of Nations")) else "Polity"


def _states() -> Iterator[tuple[str, list[str], str, str, int, str]]:
    """Yield (usual name, other names, adjective, capital, people, ISO code) of every state.

    Who has more people comes first: an adjective is shared by a state and its dependencies.
    """
    for state in countryinfo.all_countries():
        name = str(state.name()).removeprefix(ARTICLE)
        aliases = [
            a.removeprefix(ARTICLE) for a in state.alt_spellings() or () if len(a) > 3 and "," not in a
        ]
        capital = state.capital()
        adjective = (state.demonym() or "").split(",")[0]
        town = capital if isinstance(capital, str) and len(capital) > 3 else ""
        yield name, aliases, adjective, town, int(state.population() or 0), state.iso()["alpha2"]


def _add_all(found: Gazetteer, surfaces: Iterable[str], entry: Entry) -> None:
    for surface in surfaces:
        if surface and surface not in found.ambiguous:
            found.add(surface, entry)
