"""Files of named queries become queries with a name, a summary and tags, in grlc's decorators.

A decorator is a comment such as `#+ summary: Treaties that moved territory` (https://grlc.io); the
decorators of a file are one YAML document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kg.errors import Finding, QueryError, UnknownQuery
from kg.graph.syntax import check_syntax

DECORATOR = "#+"


@dataclass(frozen=True, order=True)
class NamedQuery:
    """One query of `queries/`."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    text: str

    @classmethod
    def read(cls, path: Path) -> NamedQuery:
        """Read one file. Raises ValueError where a decorator is missing or malformed."""
        text = path.read_text("utf-8")
        lines = [line.removeprefix(DECORATOR) for line in text.splitlines() if line.startswith(DECORATOR)]
        try:
            decorators = yaml.safe_load("\n".join(line.removeprefix(" ") for line in lines)) or {}
        except yaml.YAMLError as error:
            raise ValueError(f"the decorators are not YAML: {error}") from None
        if not isinstance(decorators, dict) or not decorators.get("summary"):
            raise ValueError("there is no `#+ summary:` line")
        tags = decorators.get("tags") or []
        return cls(
            path.stem, str(decorators["summary"]), str(decorators.get("description", "")).strip(),
            tuple(map(str, tags)), text,
        )  # fmt: skip


def read_queries(folder: Path) -> Iterator[NamedQuery]:
    """Every named query of a folder, sorted by name. Raises ValueError as NamedQuery.read does."""
    for path in sorted(folder.glob("*.rq")):
        yield NamedQuery.read(path)


def find_query(folder: Path, name: str) -> NamedQuery:
    """The named query of that name. Raises UnknownQuery, which lists those that there are."""
    path = folder / f"{name}.rq"
    known = sorted(file.stem for file in folder.glob("*.rq"))
    if name not in known:
        raise UnknownQuery(f"There is no query “{name}”. Known: {', '.join(known) or 'none'}.")
    return NamedQuery.read(path)


def check_queries(folder: Path, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with the queries of a folder: decorators and syntax, each with its line."""
    for path in sorted(folder.glob("*.rq")):
        try:
            query = NamedQuery.read(path)
        except (ValueError, OSError) as error:
            message = f"The query cannot be read: {error}."
            yield Finding(path, 1, "query", message, "Begin with `#+ summary: …`.")
            continue
        try:
            check_syntax(query.text, prefixes)
        except QueryError as error:
            yield Finding(path, error.line, "query-syntax", str(error), "Mend the SPARQL.")
