"""`kg build`: the project becomes a build."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.cli.progress import track
from kg.graph.build import Outcome
from kg.graph.build import build as run
from kg.project import Project


@click.command()
@options.out
@options.originals
def build(out: Path | None, originals: Path | None) -> None:
    """Read the corpus, check it and write the graph; the previous build serves until it is done."""
    report(run(Project.find(Path.cwd()), out, originals, track))


def report(outcome: Outcome) -> None:
    """Print what a build came to."""
    if not outcome.fresh:
        click.echo(f"Up to date: {outcome.path}", err=True)
        return
    for warning in outcome.warnings:
        click.echo(warning, err=True)
    counts = outcome.manifest["counts"]
    verdicts = ", ".join(f"{count} {name.lower()}" for name, count in counts["verdicts"].items())
    methods = ", ".join(f"{count} {name.lower()}" for name, count in counts["methods"].items())
    rows = {
        "sources": counts["sources"],
        "passages": counts["passages"],
        "entities": counts["entities"],
        "facts": f"{counts['facts']} ({verdicts})",
        "citations": f"{counts['citations']} ({methods})",
        "quads": counts["quads"],
        "warnings": counts["warnings"],
    }
    for name, value in rows.items():
        click.echo(f"{name:>10}  {value}")
    click.echo(f"{'build':>10}  {outcome.path}")
