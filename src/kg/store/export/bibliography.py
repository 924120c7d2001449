"""The sources of a build become a bibliography; what a record does not say is left out, not guessed.

BibTeX as biber and BibTeX read it; CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html.
"""

from __future__ import annotations

import json
import re
from typing import IO, Any

from kg.store.build import Build
from kg.store.export.format import Citations
from kg.store.record import Records, Source

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "%": r"\%",
        "&": r"\&",
        "#": r"\#",
        "$": r"\$",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def write_bibtex(build: Build, citations: Citations, output: IO[bytes]) -> None:  # noqa: ARG001
    """Write one @misc a source, under the source's id. Raises OSError."""
    for source in Records.of(build).index.sources.values():
        output.write(bibtex(source).encode())


def bibtex(source: Source) -> str:
    """One entry; the kind of publication is not known, so it is @misc."""
    fields = {
        "title": f"{{{_escape(source.title)}}}",
        "author": " and ".join(
            f"{{{_escape(name)}}}" if " and " in name else _escape(name) for name in source.creators
        ),
        "date": source.date,
        "year": found[1] if (found := DAY.fullmatch(source.date)) else "",
        "publisher": _escape(source.publisher),
        "language": source.language,
        "url": source.url,
        "note": _escape(source.rights),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{source.id},\n" + ",\n".join(lines) + "\n}\n"


def _escape(text: str) -> str:
    return text.translate(SPECIAL)


def write_csl(build: Build, citations: Citations, output: IO[bytes]) -> None:  # noqa: ARG001
    """Write the sources as a CSL-JSON array. Raises OSError."""
    items = [csl(source) for source in Records.of(build).index.sources.values()]
    output.write(json.dumps(items, indent=2, ensure_ascii=False).encode() + b"\n")


def csl(source: Source) -> dict[str, Any]:
    """One item; names are literal, for a record does not say which part is the family name."""
    item = {
        "id": source.id,
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
    if not date:
        return {}
    if found := DAY.fullmatch(date):
        return {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {"literal": date}
