"""What can go wrong: one tree, each error with its exit code and its HTTP status.

KgError
├── InputError        the corpus, ontology or queries are at fault; carries findings
├── BuildError        the build could not be written; the previous one still serves
│   └── BuildBusy     another build of the same project is running
├── NoBuild           nothing has been built yet
└── QueryError        a query is at fault
    ├── QueryTimeout  it took longer than its deadline
    └── UnknownQuery  no named query has that name
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: where, what, and how to mend it."""

    path: Path
    line: int
    """1-based; 0 where the finding concerns the file as a whole."""
    code: str
    """Short and stable, such as `unknown-property`."""
    message: str
    remedy: str
    severity: str = "error"
    """`error` stops a build, `warning` does not."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.severity}: {self.message} {self.remedy} [{self.code}]"


class KgError(Exception):
    """The root of the tree; its message is meant for people."""

    exit_code = 2
    status = 500


class InputError(KgError):
    """The input is at fault: every finding of the run, sorted by place."""

    exit_code = 1
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(map(str, self.findings)))


class BuildError(KgError):
    """The build could not be written."""


class BuildBusy(BuildError):
    """Another build of this project is running."""

    status = 503


class NoBuild(KgError):
    """There is no build to read."""

    status = 503


class QueryError(KgError):
    """The query is at fault; line and column are 1-based, 0 where unknown."""

    exit_code = 1
    status = 400

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class QueryTimeout(QueryError):
    """The query took longer than its deadline and was stopped."""

    status = 504


class UnknownQuery(QueryError):
    """No named query has that name."""

    status = 404
