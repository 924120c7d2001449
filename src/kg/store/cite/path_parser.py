"""Tokens become property paths (SPARQL 1.1 §19.8, [88] to [96])."""

from __future__ import annotations

from kg.store.cite.path import Alternative, Inverse, Negated, Path, Repeat, Sequence, Step
from kg.store.cite.reader import Reader
from kg.terms import TYPE


def parse_path(reader: Reader) -> Path:
    """Read a path: PathAlternative."""
    paths = [_sequence(reader)]
    while reader.skip("|"):
        paths.append(_sequence(reader))
    return paths[0] if len(paths) == 1 else Alternative(tuple(paths))


def _sequence(reader: Reader) -> Path:
    paths = [_element(reader)]
    while reader.skip("/"):
        paths.append(_element(reader))
    return paths[0] if len(paths) == 1 else Sequence(tuple(paths))


def _element(reader: Reader) -> Path:
    inverse = reader.skip("^")
    path = _primary(reader)
    if sign := reader.skip("?", "*", "+"):
        path = Repeat(path, sign)
    return Inverse(path) if inverse else path


def _primary(reader: Reader) -> Path:
    if reader.skip("("):
        path = parse_path(reader)
        reader.expect(")")
        return path
    if reader.skip("!"):
        return _negated(reader)
    return Step(_iri(reader))


def _negated(reader: Reader) -> Path:
    forward: set[str] = set()
    backward: set[str] = set()
    many = reader.skip("(")
    while True:
        side = backward if reader.skip("^") else forward
        if reader.next.word != ")":
            side.add(_iri(reader))
        if not (many and reader.skip("|")):
            break
    if many:
        reader.expect(")")
    return Negated(frozenset(forward), frozenset(backward))


def _iri(reader: Reader) -> str:
    text = reader.take().text
    return f"<{TYPE}>" if text == "a" else text
