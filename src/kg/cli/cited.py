"""A cited answer on the terminal: the table, the facts as numbered notes, the passages that state them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from kg.cli.term import show, show_iri
from kg.extract.precision import precision_of
from kg.store.build import Build
from kg.store.cite.answer import NOTES, CitedAnswer, CitedFact, CitedPassage, CitedRow


def print_cited(answer: CitedAnswer, build: Build) -> None:
    """Print an answer with its facts and their passages."""
    if answer.form == "ASK":
        click.echo(" ".join(["yes" if answer.boolean else "no", *map(_numbers, answer.rows)]).strip())
    else:
        _print_table(answer, build)
    for number, fact in enumerate(answer.facts, 1):
        click.echo(f"{'' if number > 1 else chr(10)}[{number}] {_fact(fact, build)}")
    for line in _passages(answer.facts):
        click.echo(line)
    click.echo(f"\n{_summary(answer)}", err=True)
    for note in [answer.reason] if answer.reason else [NOTES[note] for note in sorted(answer.notes)]:
        click.echo(note, err=True)


def _print_table(answer: CitedAnswer, build: Build) -> None:
    table = Table(*answer.variables, Column("rests on", overflow="fold"))
    for row in answer.rows:
        table.add_row(*(Text(show(term, build.prefixes)) for term in row.values), Text(_numbers(row)))
    Console().print(table)


def _numbers(row: CitedRow) -> str:
    """The facts of each witness, one or another of which is enough: `[1-3,7] or [4]`."""
    witnesses = [f"[{','.join(_ranges(witness))}]" for witness in row.witnesses]
    return " or ".join(witnesses) + (" …" if row.capped else "")


def _ranges(places: Iterable[int]) -> Iterator[str]:
    """Numbers from 1, with those that follow one another as a range."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and runs[-1][-1] == place:
            runs[-1].append(place + 1)
        else:
            runs.append([place + 1])
    return (f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _fact(fact: CitedFact, build: Build) -> str:
    terms = " ".join(show(term, build.prefixes) for term in (fact.subject, fact.predicate, fact.object))
    citations = "; ".join(_citation(citation, build) for citation in fact.citations)
    notes = "".join(f"\n    Note: {note}" for note in fact.notes)
    return f"{terms}\n    {fact.verdict}: {citations}{notes}"


def _citation(citation: CitedPassage, build: Build) -> str:
    by = f", according to {show_iri(citation.according_to, build.prefixes)}" if citation.according_to else ""
    extracted = f", {citation.method.lower()} ({citation.confidence})" if citation.confidence else ""
    measured = precision_of(citation.rule)
    extracted += f", {measured.right} of {measured.found} of its kind right" if measured else ""
    return f"{citation.label} {citation.stance.lower()}{by}{extracted}"


def _passages(facts: Iterable[CitedFact]) -> Iterator[str]:
    """What each passage says, and where they are at hand its own words."""
    by_iri = {citation.passage: citation for fact in facts for citation in fact.citations}
    for _, citation in sorted(by_iri.items()):
        yield f"\n{citation.label}: {citation.digest}"
        if citation.quote:
            yield f"    “{' '.join(citation.quote.split())}”"


def _summary(answer: CitedAnswer) -> str:
    parts = (len(answer.rows), "row"), (len(answer.facts), "fact"), (len(answer.sources), "source")
    rows, facts, sources = (f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts)
    return f"{rows}, resting on {facts} from {sources}"
