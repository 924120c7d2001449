"""`kg add`: files become sources."""

from __future__ import annotations

from pathlib import Path

import click

from kg.corpus.add import add as run
from kg.project import Project


@click.command()
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option("--id", "source_id", help="Id of the source [default: made of the file's name].")
def add(files: tuple[Path, ...], source_id: str | None) -> None:
    """Add FILEs to the corpus: text, Markdown, HTML, PDF, DOCX. All are added, or none."""
    project = Project.find(Path.cwd())
    for addition in run(project, list(files), source_id):
        for warning in addition.document.warnings:
            click.echo(f"{addition.path}: warning: {warning}", err=True)
        click.echo(f"{addition.id}  {addition.document.title}")
