"""A project is a folder with a `kg.toml`: where its parts lie and under which IRIs it publishes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import Finding, InputError, KgError
from kg.terms import PREFIXES

CONFIG = "kg.toml"
EXTRACTED = ".extracted"
"""Ends the names of files of proposals, before `.ttl`; they are no part of the graph until accepted."""


@dataclass(frozen=True)
class Names:
    """The IRIs that one base gives to everything the program mints."""

    base: str

    @property
    def entity(self) -> str:
        """Namespace of entities."""
        return self.base + "entity/"

    @property
    def fact(self) -> str:
        """Namespace of facts."""
        return self.base + "fact/"

    @property
    def citation(self) -> str:
        """Namespace of citations."""
        return self.base + "citation/"

    @property
    def rdf12(self) -> str:
        """The graph that holds the `rdf:reifies` triples of the RDF 1.2 view."""
        return self.base + "graph/rdf12"

    @property
    def stamp(self) -> str:
        """The graph in which `kg push` notes, in a store elsewhere, which build it holds."""
        return self.base + "graph/pushed"

    def source(self, source_id: str) -> str:
        """IRI of a source, and of the named graph of what it states."""
        return f"{self.base}source/{source_id}"

    def passage(self, source_id: str, passage_id: str) -> str:
        """IRI of a passage: a fragment of its source."""
        return f"{self.source(source_id)}#{passage_id}"


@dataclass(frozen=True)
class Project:
    """Where the parts of a project lie."""

    root: Path
    base: str
    title: str = "kg"
    description: str = ""
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.base))

    @property
    def corpus(self) -> Path:
        """Folder of records, facts and entities."""
        return self.root / "corpus"

    @property
    def ontology(self) -> Path:
        """Folder of the ontology and its shapes."""
        return self.root / "ontology"

    @property
    def queries(self) -> Path:
        """Folder of the named queries."""
        return self.root / "queries"

    @property
    def build(self) -> Path:
        """Folder of the builds; `current` in it points at the one that serves."""
        return self.root / "build"

    @property
    def prefixes(self) -> dict[str, str]:
        """Prefixes that queries may use without declaring them and that exports declare."""
        return {"": self.names.entity, "source": self.base + "source/", **PREFIXES}

    @classmethod
    def find(cls, start: Path) -> Project:
        """Open the project that `start` lies in: the nearest folder upwards with a `kg.toml`.

        Raises KgError where there is none, InputError where it cannot be read.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls.open(folder)
        raise KgError(f"No {CONFIG} in {start} or above it. Run kg inside a project.")

    @classmethod
    def open(cls, root: Path) -> Project:
        """Open the project in `root`. Raises InputError with the place of what is wrong."""
        path = root / CONFIG
        try:
            settings = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(
                [Finding(path, 0, "project", f"The project file cannot be read: {error}.", "Mend it.")]
            ) from None
        base = settings.get("base")
        if not isinstance(base, str) or not base.endswith("/"):
            message = "The project file names no base IRI that ends in a slash."
            raise InputError([Finding(path, 0, "project", message, 'Add base = "https://…/".')])
        return cls(root, base, str(settings.get("title", "kg")), str(settings.get("description", "")))
