"""SPARQL syntax errors become sentences with a line and a column."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from kg.errors import QueryError

POSITION = re.compile(r"error at (\d+):(\d+): ")


def parse_error(error: SyntaxError, query: str) -> QueryError:
    """What pyoxigraph says of a query, as a sentence that names the place."""
    text = error.msg or str(error)
    found = POSITION.search(text)
    if not found:
        return QueryError(text, error.lineno or 0, error.offset or 0)
    line, column = int(found[1]), int(found[2])
    return QueryError(_sentence(text[found.end() :], _near(query, line, column)), line, column)


def _sentence(expectation: str, near: str) -> str:
    if "Prefix not found" in expectation:
        return f"The prefix before {near} is not declared. Add a PREFIX line."
    for reason in re.findall(r"(?:^|, )(The [A-Z][^,\[]+)", expectation):
        return f"{reason.strip()}, at {near}."
    return f"The query does not parse at {near}."


def _near(query: str, line: int, column: int) -> str:
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    return (
        f"“{rest[:40]}”" if rest else "the end of the line" if line < len(lines) else "the end of the query"
    )


def check_syntax(query: str, prefixes: Mapping[str, str]) -> None:
    """Parse a query, without data. Raises QueryError with the place of the first error."""
    try:
        ox.Store().query(query, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise parse_error(error, query) from None
