"""`kg import`: other people's data come in with their sources."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.graph.intake.incoming import IncomingSource
from kg.graph.intake.mapping import Terms
from kg.graph.intake.placing import place
from kg.graph.intake.rdf import read_rdf
from kg.graph.intake.table import TableReader
from kg.project import Project
from kg.terms import Verdict

VERDICTS = [Verdict.ACCEPTED.value, Verdict.UNVERIFIED.value]
"""The other two need a note for each fact, which no option can give."""


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What columns or terms mean here; a CSV needs one.",
)
@click.option(
    "--source", default="", help="For RDF: the id of the file as the source of triples that name none."
)
@click.option(
    "--verdict", type=click.Choice(VERDICTS), help="What you hold of facts that have no verdict yet."
)
@options.originals
def import_(
    path: Path, mapping: Path | None, source: str, verdict: str | None, originals: Path | None
) -> None:
    """Import facts with their citations from FILE: CSV, or RDF with graphs, annotations or statements.

    The project is checked with what comes in; if anything would be wrong, nothing is changed.
    """
    project = Project.find(Path.cwd())
    terms = Terms.read(mapping) if mapping else Terms()
    sources = _read(project, path, terms, source)
    if verdict:
        for incoming in sources:
            incoming.judge(verdict)
    for written in place(project, sources, originals):
        click.echo(written.relative_to(project.root))


def _read(project: Project, path: Path, terms: Terms, source: str) -> list[IncomingSource]:
    if path.suffix.lower() == ".csv":
        if terms.path is None:
            raise click.UsageError("A CSV file needs --mapping FILE, which says what its columns mean.")
        return [TableReader(project, path, terms).read()]
    found = read_rdf(project, path, terms, source)
    if found.uncited:
        click.echo(f"{found.uncited} triples left out: nothing says where they are from.", err=True)
    return found.sources
