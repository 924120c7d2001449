"""A query becomes one that a store elsewhere can be given: complete, and with nothing hidden in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.errors import QueryRefused
from kg.store.scan import ESCAPE, tokens

CALL = re.compile(
    r"""(?<![?$\w])service\b (?:\s|\#[^\r\n]*)* (?:silent\b (?:\s|\#[^\r\n]*)*)? (?: [<?$] | [\w.-]*: )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What may be a call of another service, even in a string: nothing but this keeps the store from it."""
NATIVE = re.compile(r"<\s*(?:bif|sql|java|javascript):", re.IGNORECASE)
"""What may be a function of the store's own inside, such as Virtuoso's and Jena's."""


def refuse(query: str) -> None:
    """Raises QueryRefused for what a store elsewhere must not be given, or might read otherwise than we do.

    Its account should be one that may only read; this does not rest on that.
    """
    if CALL.search(query):
        raise QueryRefused("SERVICE is refused, and so are words that might be taken for it.")
    if NATIVE.search(query):
        raise QueryRefused("Functions of the store behind this service are refused.")
    if any(_is_syntax(int(match[1] or match[2], 16)) for match in ESCAPE.finditer(query)):
        # Some stores undo them before they look for the ends of strings (SPARQL 1.1 §19.2).
        raise QueryRefused(r"Escapes of quotes and the like, such as \u0022, are refused: write them out.")


def _is_syntax(code: int) -> bool:
    return code < 128 and not chr(code).isalnum()


def with_prologue(query: str, prefixes: Mapping[str, str], base: str) -> str:
    """The query with what it need not declare here, on its first line, so that line numbers stay."""
    used: set[str] = set()
    declared: set[str] = set()
    based, before = False, ""
    for kind, text in tokens(query):
        if kind == "name":
            (declared if before == "PREFIX" else used).add(text.partition(":")[0])
        before = text.upper() if kind == "word" else ""
        based = based or before == "BASE"
    missing = sorted((used - declared) & prefixes.keys())
    lines = [f"BASE <{base}>"] if base and not based else []
    lines += [f"PREFIX {name}: <{prefixes[name]}>" for name in missing]
    return " ".join([*lines, query])
