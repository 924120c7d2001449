"""Sources become a bibliography, in BibTeX and in CSL-JSON.

What a record does not say is left out, not guessed: the kind of publication, which part of a name is
the family name. https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kg.store.cite.answer import Source

DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
ESCAPED = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SPECIAL = str.maketrans(ESCAPED | {sign: f"\\{sign}" for sign in "{}%&#$_"})


@dataclass(frozen=True)
class Bibliography:
    """The same entries in two formats, in the order of the sources."""

    bibtex: str
    csl: str
    """A JSON array."""


def bibliography(sources: Iterable[Source]) -> Bibliography:
    """List some sources."""
    listed = tuple(sources)
    items = json.dumps([_csl(source) for source in listed], ensure_ascii=False, separators=(",", ":"))
    return Bibliography("\n".join(map(_bibtex, listed)), items)


def _bibtex(source: Source) -> str:
    date = DAY.fullmatch(source.date)
    fields = {
        "title": f"{{{_escape(source.title)}}}",
        "author": " and ".join(f"{{{_escape(name)}}}" for name in source.creators),
        "date": source.date,
        "year": date[1] if date else "",
        "publisher": _escape(source.publisher),
        "language": source.language,
        "url": source.url,
        "note": _escape(source.rights),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{_key(source)},\n" + ",\n".join(lines) + "\n}\n"


def _csl(source: Source) -> dict[str, Any]:
    item = {
        "id": _key(source),
        "type": "document",
        "title": source.title,
        "author": [{"literal": name} for name in source.creators],
        "issued": _issued(source.date),
        "publisher": source.publisher,
        "language": source.language,
        "URL": source.url,
    }
    return {name: value for name, value in item.items() if value}


def _issued(date: str) -> dict[str, Any]:
    if found := DAY.fullmatch(date):
        return {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {"literal": date} if date else {}


def _key(source: Source) -> str:
    return source.iri.rpartition("/")[2]


def _escape(text: str) -> str:
    return text.translate(SPECIAL)
