"""Terms as the terminal shows them: IRIs by their prefixes, literals without their quotes."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox


def show(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, prefixes: Mapping[str, str]
) -> str:
    """A term for people to read; empty for an unbound variable."""
    if isinstance(term, ox.Literal):
        return term.value
    if isinstance(term, ox.NamedNode):
        return show_iri(term.value, prefixes)
    return "" if term is None else str(term)


def show_iri(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI with the longest prefix that fits, else in angle brackets."""
    fitting = [(space, name) for name, space in prefixes.items() if iri.startswith(space)]
    if not fitting:
        return f"<{iri}>"
    space, name = max(fitting, key=lambda pair: len(pair[0]))
    return f"{name}:{iri[len(space) :]}"
