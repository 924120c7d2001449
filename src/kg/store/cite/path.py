"""Property paths (SPARQL 1.1 §9) as values.

IRIs stand as the query writes them, `kg:date` or `<https://…>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One property, forwards."""

    iri: str

    def __str__(self) -> str:
        return self.iri


@dataclass(frozen=True)
class Inverse:
    """`^path`."""

    path: Path

    def __str__(self) -> str:
        return f"^({self.path})"


@dataclass(frozen=True)
class Sequence:
    """`path/path`."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "/".join(f"({path})" for path in self.paths)


@dataclass(frozen=True)
class Alternative:
    """`path|path`."""

    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return "|".join(f"({path})" for path in self.paths)


@dataclass(frozen=True)
class Repeat:
    """`path?`, `path*` or `path+`."""

    path: Path
    sign: str

    @property
    def zero(self) -> bool:
        """Whether a path of no step will do."""
        return self.sign in "?*"

    @property
    def many(self) -> bool:
        """Whether there may be more than one step."""
        return self.sign in "+*"

    def __str__(self) -> str:
        return f"({self.path}){self.sign}"


@dataclass(frozen=True)
class Negated:
    """`!(iri|^iri)`: any property but these."""

    forward: frozenset[str]
    backward: frozenset[str]

    def __str__(self) -> str:
        inverse = (f"^{iri}" for iri in sorted(self.backward))
        return f"!({'|'.join([*sorted(self.forward), *inverse])})"


Path = Step | Inverse | Sequence | Alternative | Repeat | Negated


def iris(path: Path) -> Iterator[str]:
    """Every IRI that a path names."""
    match path:
        case Step(iri):
            yield iri
        case Negated(forward, backward):
            yield from forward | backward
        case Inverse(inner) | Repeat(inner, _):
            yield from iris(inner)
        case Sequence(paths) | Alternative(paths):
            for part in paths:
                yield from iris(part)


def is_closure(path: Path) -> bool:
    """Whether a path has `+` or `*` in it."""
    match path:
        case Repeat(inner, _):
            return path.many or is_closure(inner)
        case Inverse(inner):
            return is_closure(inner)
        case Sequence(paths) | Alternative(paths):
            return any(map(is_closure, paths))
        case _:
            return False
