"""`kg locate`: words of an original become a passage record, ready to paste."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.corpus.corpus import Corpus
from kg.corpus.source import Source
from kg.corpus.text import Span, Text, digest
from kg.errors import KgError
from kg.facts.hint import nearest
from kg.project import Project


@click.command()
@click.argument("source_id", metavar="SOURCE")
@click.argument("words")
@options.originals
def locate(source_id: str, words: str, originals: Path | None) -> None:
    """Find WORDS in the original of SOURCE and print the passage record.

    White space in the original does not matter, and “first words … last words” finds all between.
    """
    corpus = Corpus.read(Project.find(Path.cwd()), originals)
    source, text = _open(corpus, source_id)
    within = source.original.span if source.original else None
    spans = list(text.locate(words, within))
    if not spans:
        raise KgError(f"“{words}” does not occur in {source_id}. Try fewer words, or an ellipsis.")
    for number, span in enumerate(spans, len(source.passages) + 1):
        click.echo(record(text, span, f"p{number}"))


def _open(corpus: Corpus, source_id: str) -> tuple[Source, Text]:
    source = corpus.source(source_id)
    if source is None:
        hint = nearest(source_id, [known.id for known in corpus.sources])
        raise KgError(f"There is no source {source_id}. {hint}".strip())
    if source_id not in corpus.texts:
        raise KgError(f"The original of {source_id} is not at hand. Name its folder with --originals.")
    return source, corpus.texts[source_id]


def record(text: Text, span: Span, passage_id: str) -> str:
    """A passage record in TOML, under a comment that shows the words in their surroundings."""
    before, after = (" ".join(words.split()) for words in text.context(span))
    words = " ".join(text.quote(span).split())
    return (
        f"# line {text.line(span.start)}: …{before} [{words}] {after}…\n"
        f"[[passage]]\n"
        f'id = "{passage_id}"\n'
        f"span = {span}\n"
        f'sha256 = "{digest(text.quote(span))}"\n'
        f'digest = ""\n'
    )
