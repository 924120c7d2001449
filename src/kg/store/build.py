"""A build on disk becomes a value that the rest reads: what it is, and where its files lie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import NoBuild
from kg.project import Names


@dataclass(frozen=True)
class Build:
    """One finished build."""

    path: Path
    id: str
    base: str
    title: str
    description: str
    prefixes: Mapping[str, str]
    counts: Mapping[str, Any]

    @classmethod
    def open(cls, path: Path) -> Build:
        """Open the build in a folder; a link such as `build/current` is resolved at once and for good.

        Raises NoBuild where there is none.
        """
        path = path.resolve()
        try:
            manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError):
            raise NoBuild(f"There is no build in {path}. Run `kg build`.") from None
        keys = ("id", "base", "title", "description", "prefixes", "counts")
        return cls(path, *(manifest[key] for key in keys))

    @property
    def dataset(self) -> Path:
        """The sorted N-Quads file."""
        return self.path / "dataset.nq"

    @property
    def queries(self) -> Path:
        """The folder of the named queries."""
        return self.path / "queries"

    @property
    def names(self) -> Names:
        """The IRIs under this build's base."""
        return Names(self.base)

    def load(self) -> ox.Store:
        """The whole dataset in memory."""
        store = ox.Store()
        store.bulk_load(path=str(self.dataset), format=ox.RdfFormat.N_QUADS)
        return store
