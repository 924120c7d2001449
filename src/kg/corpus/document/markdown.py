"""Markdown becomes a document: CommonMark without its marks, and YAML front matter where there is any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import yaml

from kg.corpus.document.document import Document, UnreadableDocument, decode, words
from kg.errors import MissingExtra

FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
BLOCKS = {"inline", "code_block", "fence"}


def read_markdown(data: bytes) -> Document:
    """Read a Markdown file. Raises UnreadableDocument, MissingExtra."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise MissingExtra("Markdown", "add") from None
    text = decode(data).replace("\r\n", "\n")
    front = FRONT.match(text)
    record = _front_matter(front[1]) if front else {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    authors = record.get("author") or record.get("authors") or ()
    return Document(
        text="\n\n".join(_blocks(tokens)),
        title=words(record.get("title")) or _heading(tokens),
        creators=tuple(filter(None, map(words, authors if isinstance(authors, list) else [authors]))),
        date=words(record.get("date")),
        language=words(record.get("lang") or record.get("language")),
        publisher=words(record.get("publisher")),
        url=words(record.get("url")),
    )


def _front_matter(text: str) -> dict[str, Any]:
    try:
        # BaseLoader leaves every value as it is written: a date stays as precise as it is.
        record = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise UnreadableDocument(f"its front matter is not YAML: {error}.") from None
    return record if isinstance(record, dict) else {}


def _blocks(tokens: list[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _inline(token)
        elif token.type in BLOCKS:
            yield token.content


def _inline(token: Any) -> str:
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(
        breaks.get(child.type, child.content if child.type in ("text", "code_inline", "image") else "")
        for child in token.children or ()
    )


def _heading(tokens: list[Any]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h1":
            return words(_inline(inline))
    return ""
