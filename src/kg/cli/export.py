"""`kg export`: the built graph as a standard file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kg.graph.build import CURRENT
from kg.project import Project
from kg.store.build import Build
from kg.store.export import FORMATS, Citations
from kg.store.export import export as run

CITATIONS = [choice.value for choice in Citations]


@click.command()
@click.option("--format", "style", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--citations",
    type=click.Choice(CITATIONS),
    default="facts",
    show_default=True,
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File [default: stdout]."
)
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
def export(style: str, citations: str, output: Path | None, folder: Path | None) -> None:
    """Write the graph in a standard format; the same build gives the same bytes."""
    build = Build.open(folder or Project.find(Path.cwd()).build / CURRENT)
    if output is None:
        run(build, FORMATS[style], Citations(citations), sys.stdout.buffer)
        return
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            run(build, FORMATS[style], Citations(citations), file)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
