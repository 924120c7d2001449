"""`kg query`: a query on the built graph, answered in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.console import Console
from rich.table import Table

from kg.cli.cited import print_cited
from kg.cli.term import show
from kg.errors import KgError
from kg.graph.build import CURRENT
from kg.graph.queries import find_query
from kg.project import Project
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
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
@click.option("--cite", is_flag=True, help="For each row, the facts that it rests on, and who says so.")
def query(what: str, style: str, folder: Path | None, cite: bool) -> None:
    """Run a query: a file, standard input (-), or one of the named queries."""
    build = Build.open(folder or Project.find(Path.cwd()).build / CURRENT)
    if cite:
        _cite(_text(what, build), style, build)
        return
    answer = evaluate(build.load(), _text(what, build), build.prefixes)
    if isinstance(answer, ox.QueryTriples):
        click.echo(ox.serialize(answer, format=ox.RdfFormat.TURTLE, prefixes=dict(build.prefixes)), nl=False)
    elif style == "table":
        _print_table(answer, build)
    else:
        click.echo(answer.serialize(format=FORMATS[style]) or b"", nl=False)


def _cite(text: str, style: str, build: Build) -> None:
    citer = Citer(build.load(), build.names, build.prefixes)
    if style == "json":
        click.echo(document(citer, text, build.id, build.base))
    elif style == "table":
        print_cited(citer.answer(text), build)
    else:
        raise click.UsageError(f"Cited answers come as a table or as JSON, not as {style.upper()}.")


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
        table.add_row(*(show(term, build.prefixes) for term in solution))
    Console().print(table)
    click.echo(f"{table.row_count} rows", err=True)
