"""`kg init`: a new project."""

from __future__ import annotations

from pathlib import Path

import click

from kg.facts.start import BASE, start

NEXT = """\
{folder} is a project. Next:
  cd {folder}
  kg build
  kg query facts
  kg serve
Then put your own texts in with `kg add FILE…`, and delete corpus/example.*."""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--base", default=BASE, show_default=True, help="IRI under which everything is named.")
@click.option("--title", help="Title of the project [default: the name of the folder].")
@click.option(
    "--ontology",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own ontology, OWL or RDFS, instead of the example's terms.",
)
def init(folder: Path, base: str, title: str | None, ontology: Path | None) -> None:
    """Start a project in DIR: an ontology, an example source, queries."""
    start(folder, base, title or folder.resolve().name, ontology)
    click.echo(NEXT.format(folder=folder))
