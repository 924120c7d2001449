"""HTTP requests become query requests (SPARQL 1.1 Protocol §2.1, and `version` of 1.2)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple, NoReturn
from urllib.parse import parse_qsl

from kg.errors import RequestError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
READ_METHODS = ("GET", "HEAD", "OPTIONS")
VERSIONS = {"1.0": False, "1.1": False, "1.2": True, "1.2-basic": True}
"""Whether a version sees the RDF 1.2 view."""
MAX_FIELDS = 1000
"""Parameters of one request at most."""
MIN_TIMEOUT = 0.1
"""Seconds; less could not be kept apart from the way there and back."""
ONCE = ("query", "version", "format", "timeout", "cite")
DATASET = ("default-graph-uri", "named-graph-uri")
YES, NO = ("true", "1"), ("false", "0")
NO_UPDATES = (
    "This endpoint is read-only: facts come from files in which each has its citation. "
    "To change a fact, change its file and build again."
)
Parameters = Sequence[tuple[str, str]]
CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)


class QueryRequest(NamedTuple):
    """A query, and what its request says of it."""

    query: str
    """Empty where there is none: a request for the service's description."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    rdf12: bool = False
    format: str = ""
    timeout: float = math.inf
    """Seconds."""
    cite: bool = False
    """Whether each row is to come with the facts that it rests on."""


def read_get(query_string: bytes) -> QueryRequest:
    """The query of a GET request (§2.1.1). Raises RequestError."""
    return _read(parse_parameters(query_string))


def read_post(query_string: bytes, content_type: str, body: bytes) -> QueryRequest:
    """The query of a POST request, in a form (§2.1.2) or by itself (§2.1.3). Raises RequestError."""
    media_type = content_type.partition(";")[0].strip().lower()
    in_url = parse_parameters(query_string)
    match media_type:
        case "application/x-www-form-urlencoded":
            _check_charset(content_type)
            return _read([*in_url, *parse_parameters(body)], required=True)
        case "application/sparql-query":
            _check_charset(content_type)
            return _read([*in_url, ("query", _decode(body))])
        case "application/sparql-update":
            raise RequestError(403, NO_UPDATES)
        case _:
            said = f"“{media_type}” is not" if media_type else "A missing Content-Type is not"
            raise RequestError(
                415,
                f"{said} a way to send a query. Send {QUERY} or {FORM}.",
                {"accept-post": f"{QUERY}, {FORM}"},
            )


def parse_parameters(data: bytes) -> list[tuple[str, str]]:
    """URL-encoded parameters, in order. Raises RequestError where they are not UTF-8."""
    try:
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except UnicodeDecodeError:
        raise RequestError(400, "The parameters are not percent-encoded UTF-8.") from None
    except ValueError:
        raise RequestError(400, f"There are more than {MAX_FIELDS} parameters.") from None


def values_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Every value of a parameter, in order."""
    return tuple(value for key, value in parameters if key == name)


def _read(parameters: Parameters, required: bool = False) -> QueryRequest:
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise RequestError(403, NO_UPDATES)
    single = {name: given[name][0] for name in ONCE if name in given}
    for name in single:
        if len(given[name]) > 1:
            raise RequestError(400, f"There is more than one “{name}” parameter.")
    if "query" not in single and required:
        raise RequestError(400, "The form has no “query” field.")
    if "query" not in single and given.keys() & DATASET:
        raise RequestError(400, f"Without a query there is nothing that {' or '.join(DATASET)} could be for.")
    if "format" in single and not single["format"]:
        raise RequestError(400, "The format is empty.")
    return QueryRequest(
        query=_query(single.get("query")),
        default_graphs=tuple(given.get(DATASET[0], ())),
        named_graphs=tuple(given.get(DATASET[1], ())),
        rdf12=read_version(single.get("version")),
        format=single.get("format", ""),
        timeout=_timeout(single.get("timeout")),
        cite=_flag("cite", single.get("cite", NO[0])),
    )


def _query(text: str | None) -> str:
    if text is not None and not text.strip():
        raise RequestError(400, "The query is empty.")
    return text or ""


def read_version(text: str | None) -> bool:
    """Whether a `version` parameter asks for the RDF 1.2 view. Raises RequestError for unknown ones."""
    if text is None:
        return False
    if text not in VERSIONS:
        raise RequestError(400, f"Version “{text}” is not one of {', '.join(VERSIONS)}.")
    return VERSIONS[text]


def _flag(name: str, text: str) -> bool:
    if text not in (*YES, *NO):
        raise RequestError(400, f"The parameter “{name}” is “true” or “false”, not “{text}”.")
    return text in YES


def _timeout(text: str | None) -> float:
    if text is None:
        return math.inf
    try:
        seconds = float(text)
    except ValueError:
        _bad_timeout(text)
    if not MIN_TIMEOUT <= seconds < math.inf:
        _bad_timeout(text)
    return seconds


def _bad_timeout(text: str) -> NoReturn:
    raise RequestError(400, f"The timeout “{text}” is not a number of seconds from {MIN_TIMEOUT} up.")


def _check_charset(content_type: str) -> None:
    found = CHARSET.search(content_type)
    if found and found[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise RequestError(415, f"A query is sent as UTF-8, not as {found[1]}.")


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, f"The query is not UTF-8: byte {error.start} is wrong.") from None
