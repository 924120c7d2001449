"""What can go wrong: one tree, each error with its exit code and its HTTP status.

KgError
├── InputError        the corpus, ontology or queries are at fault; carries findings
├── BuildError        the build could not be written; the previous one still serves
│   └── BuildBusy     another build of the same project is running
├── MissingExtra     an optional part of the program is not installed
├── RemoteError      a store elsewhere refuses, does not answer, or holds something else
│   └── RemoteStale   it does not hold the build that is served
├── NoBuild           nothing has been built yet
├── ServiceError      the service cannot answer this request
│   ├── RequestError  the request breaks the protocol; it knows its status and its headers
│   ├── Busy          too many queries are running
│   └── Interrupted   the evaluation was ended from outside, or its answer broke off
└── QueryError        a query is at fault
    ├── QueryTimeout  it took longer than its deadline
    ├── QueryRefused  it asks for what this service does not do
    ├── QueryTooBig   it needs more memory, nesting or output than one query may have
    ├── NotAcceptable its answer cannot be written in any format that the client takes
    ├── UnknownQuery  no named query has that name
    └── UnknownName   nothing in the graph has that name
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Finding]]]:
        """Let it be raised in another process than the one that waits for it."""
        return type(self), (self.findings,)


class BuildError(KgError):
    """The build could not be written."""


class BuildBusy(BuildError):
    """Another build of this project is running."""

    status = 503


class MissingExtra(KgError):
    """A library that only some commands need is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs a library that is not installed: pip install 'citable-kg[{extra}]'")


class RemoteError(KgError):
    """A store elsewhere refuses, does not answer, or does not hold what was sent."""

    status = 502


class RemoteStale(RemoteError):
    """A store elsewhere holds another build than the one that is served, or is being loaded."""

    status = 503


class NoBuild(KgError):
    """There is no build to read."""

    status = 503


class ServiceError(KgError):
    """The service cannot answer this request."""


class RequestError(ServiceError):
    """The request breaks the protocol."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(message)


class Busy(ServiceError):
    """Too many queries are running; the client may try again soon."""

    status = 503


class Interrupted(ServiceError):
    """The evaluation was ended from outside, or its answer broke off; the client may try again."""

    status = 503


class QueryError(KgError):
    """The query is at fault; line and column are 1-based, 0 where unknown."""

    exit_code = 1
    status = 400

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        self.line = line
        self.column = column
        super().__init__(message)

    @property
    def located(self) -> str:
        """The message with its place before it."""
        return f"line {self.line}, column {self.column}: {self}" if self.line else str(self)


class QueryTimeout(QueryError):
    """The query took longer than its deadline and was stopped."""

    status = 504


class QueryRefused(QueryError):
    """The query asks for what this service does not do, such as calling another one."""

    status = 403


class QueryTooBig(QueryError):
    """The query needs more memory, nesting or output than one query may have."""

    status = 422


class NotAcceptable(QueryError):
    """The answer cannot be written in any format that the client takes."""

    status = 406


class UnknownQuery(QueryError):
    """No named query has that name."""

    status = 404


class UnknownName(QueryError):
    """Nothing in the graph has that name, or too much has."""

    status = 404
