"""`kg query`: a query on the built graph, answered in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.errors import KgError
from kg.graph.build import CURRENT
from kg.graph.queries import find_query
from kg.project import Project
from kg.store.build import Build
from kg.store.sparql import Answer, evaluate

FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


@click.command()
@click.argument("what", metavar="FILE|-|NAME")
@click.option("--format", "style", type=click.Choice(["table", *FORMATS]), default="table", show_default=True)
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
def query(what: str, style: str, folder: Path | None) -> None:
    """Run a query: a file, standard input (-), or one of the named queries."""
    build = Build.open(folder or Project.find(Path.cwd()).build / CURRENT)
    answer = evaluate(build.load(), _text(what, build), build.prefixes)
    if isinstance(answer, ox.QueryTriples):
        click.echo(ox.serialize(answer, format=ox.RdfFormat.TURTLE, prefixes=dict(build.prefixes)), nl=False)
    elif style == "table":
        _print_table(answer, build)
    else:
        click.echo(answer.serialize(format=FORMATS[style]) or b"", nl=False)


def _text(what: str, build: Build) -> str:
    if what == "-":
        return sys.stdin.read()
    path = Path(what)
    if path.suffix == ".rq" or path.is_file():
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise KgError(f"The query file {what} cannot be read: {error}.") from None
    return find_query(build.queries, what).text


def _print_table(answer: Answer, build: Build) -> None:
    if isinstance(answer, ox.QueryBoolean):
        click.echo("yes" if bool(answer) else "no")
        return
    assert isinstance(answer, ox.QuerySolutions)
    table = Table(*(variable.value for variable in answer.variables))
    for solution in answer:
        table.add_row(*(_show(term, build) for term in solution))
    Console().print(table)
    click.echo(f"{table.row_count} rows", err=True)


def _show(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, build: Build) -> str:
    if isinstance(term, ox.Literal):
        return term.value
    if isinstance(term, ox.NamedNode):
        fitting = [(space, name) for name, space in build.prefixes.items() if term.value.startswith(space)]
        if fitting:
            space, name = max(fitting, key=lambda pair: len(pair[0]))
            return f"{name}:{term.value[len(space) :]}"
    return "" if term is None else str(term)
