"""A cited answer on the terminal: the table, then what it rests on, as numbered notes."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.cli.term import show, show_iri
from kg.store.build import Build
from kg.store.cite.answer import NOTES, CitedAnswer, CitedFact, CitedPassage, CitedRow


def print_cited(answer: CitedAnswer, build: Build) -> None:
    """Print an answer with its facts and their citations."""
    if answer.form == "ASK":
        numbers = f" {_numbers(answer.rows[0])}" if answer.rows else ""
        click.echo(f"{'yes' if answer.boolean else 'no'}{numbers}")
    else:
        _print_table(answer, build)
    for number, fact in enumerate(answer.facts, 1):
        click.echo(f"\n[{number}] {_fact(fact, build)}")
        for citation in fact.citations:
            click.echo("\n".join(_citation(citation, build)))
    click.echo(f"\n{_summary(answer)}", err=True)
    for note in [answer.reason] if answer.reason else [NOTES[note] for note in sorted(answer.notes)]:
        click.echo(note, err=True)


def _print_table(answer: CitedAnswer, build: Build) -> None:
    table = Table(*answer.variables, "rests on")
    for row in answer.rows:
        table.add_row(*(Text(show(term, build.prefixes)) for term in row.values), Text(_numbers(row)))
    Console().print(table)


def _numbers(row: CitedRow) -> str:
    """The facts of each witness, witnesses parted by a bar: `[1][2] | [3]`."""
    witnesses = ["".join(f"[{place + 1}]" for place in witness) for witness in row.witnesses]
    return " | ".join(witnesses) + (" …" if row.capped else "")


def _fact(fact: CitedFact, build: Build) -> str:
    terms = (show(term, build.prefixes) for term in (fact.subject, fact.predicate, fact.object))
    notes = "".join(f"\n    Note: {note}" for note in fact.notes)
    return f"{' '.join(terms)} ({fact.verdict}){notes}"


def _citation(citation: CitedPassage, build: Build) -> Iterator[str]:
    by = f", according to {show_iri(citation.according_to, build.prefixes)}" if citation.according_to else ""
    extracted = f", {citation.method} with confidence {citation.confidence}" if citation.confidence else ""
    yield f"    {citation.label} {citation.stance.lower()}{by}{extracted}: {citation.digest}"
    if citation.quote:
        yield f"    “{' '.join(citation.quote.split())}”"


def _summary(answer: CitedAnswer) -> str:
    parts = (len(answer.rows), "row"), (len(answer.facts), "fact"), (len(answer.sources), "source")
    rows, facts, sources = (f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts)
    return f"{rows}, resting on {facts} from {sources}"
