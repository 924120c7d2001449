"""A mapping file says what the columns of a table, or the terms of other people's RDF, mean here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import Finding, InputError
from kg.graph.intake.incoming import RECORD
from kg.project import Project

COLUMN = re.compile(r"\{([^{}]+)\}")
SECTIONS = {"source", "row", "facts", "citation", "prefixes", "properties", "classes"}
VALUES = ("value", "entity", "text")


@dataclass(frozen=True)
class Terms:
    """A mapping as read: sections of names and templates."""

    path: Path | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    citation: Mapping[str, Any] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Terms:
        """Read a mapping file. Raises InputError."""
        try:
            sections = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise problem(path, f"The mapping cannot be read: {error}.") from None
        unknown = sorted(sections.keys() - SECTIONS)
        if unknown:
            raise problem(
                path, f"A mapping has no section [{unknown[0]}].", f"Known: {', '.join(sorted(SECTIONS))}."
            )
        if not all(isinstance(section, dict) for section in sections.values()):
            raise problem(path, "Every part of a mapping is a section.", "Write [source], [row], [facts] …")
        fields = sections.get("source", {}).keys() - {"id", *RECORD}
        if fields:
            raise problem(path, f"[source] has no field “{min(fields)}”.", f"Known: id, {', '.join(RECORD)}.")
        return cls(path, **sections)

    def iri(self, project: Project, name: str) -> str:
        """The IRI of a prefixed name of the project's prefixes or the mapping's own, or of an absolute IRI.

        Raises InputError where the prefix is not known.
        """
        prefix, colon, local = name.partition(":")
        if local.startswith("//"):
            return name
        space = {**project.prefixes, **self.prefixes}.get(prefix)
        if not colon or space is None:
            raise problem(self.path, f"“{name}” has no prefix that is known.", "Add it under [prefixes].")
        return space + local


def problem(path: Path | None, message: str, remedy: str = "Mend it.", line: int = 0) -> InputError:
    """One finding about a file."""
    return InputError([Finding(path or Path("mapping"), line, "mapping", message, remedy)])
