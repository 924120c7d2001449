"""The note that `kg push` leaves in a store: which build it holds, and how. `kg serve --store` reads it.

It is there only while the store holds the build whole: it is taken away before the first batch and
written after the comparison. So a store that is being loaded is never taken for a loaded one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import pyoxigraph as ox

from kg.project import Names
from kg.terms import DCTERMS

IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")


@dataclass(frozen=True)
class Stamp:
    """What a store holds."""

    build: str
    """Id of the build."""
    default_graph: str = ""
    """IRI under which the default graph is stored; empty where it is the store's own."""
    as_string: tuple[str, ...] = ()
    """Datatypes whose literals were sent as plain strings."""

    def triple(self, names: Names) -> ox.Triple:
        """The note itself, about the base of the build."""
        text = json.dumps(asdict(self), sort_keys=True)
        return ox.Triple(ox.NamedNode(names.base), IDENTIFIER, ox.Literal(text))

    @classmethod
    def query(cls, names: Names) -> str:
        """The query that finds it, as ?note."""
        pattern = f"<{names.base}> {IDENTIFIER} ?note"
        return f"SELECT ?note WHERE {{ GRAPH <{names.stamp}> {{ {pattern} }} }}"

    @classmethod
    def read(cls, text: str) -> Stamp | None:
        """The reverse of `triple`, from its literal; None where it is something else."""
        try:
            values = json.loads(text)
            return cls(str(values["build"]), str(values["default_graph"]), tuple(values["as_string"]))
        except (ValueError, LookupError, TypeError):
            return None
