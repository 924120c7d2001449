"""`kg serve`: the built graph as a SPARQL service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from kg.cli import options
from kg.cli.build import report
from kg.cli.progress import track
from kg.errors import NoBuild
from kg.graph.build import CURRENT, build
from kg.project import Project
from kg.server.settings import Settings
from kg.server.supervisor import Supervisor
from kg.store.build import Build


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each setting."""
    for each in reversed(fields(Settings)):
        many = isinstance(each.default, tuple)
        command = click.option(
            f"--{each.name.rstrip('s') if many else each.name}".replace("_", "-"),
            each.name,
            type=str if many else type(each.default),
            multiple=many,
            default=each.default,
            envvar=f"KG_SERVE_{each.name.upper()}",
            show_default=each.default not in ("", ()),
            help=each.metadata["help"],
        )(command)
    return command


@click.command()
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
@options.originals
@_options
def serve(folder: Path | None, originals: Path | None, **settings: Any) -> None:
    """Serve the graph: SPARQL at /sparql, graphs at /data. Builds it first where it is not built.

    With --store, queries go to a store into which `kg push` has brought the build.
    """
    chosen = Settings(**settings)
    if chosen.store and chosen.services:
        raise click.UsageError("--service does not go with --store: the store would be the one to call.")
    if chosen.store and not chosen.store.startswith(("http://", "https://")):
        raise click.BadParameter("--store must begin with http:// or https://.")
    current = folder or _current(originals)
    Supervisor(chosen, current).run(
        lambda url: click.echo(f"Serving {Build.open(current).title} at {url}/sparql", err=True)
    )


def _current(originals: Path | None) -> Path:
    project = Project.find(Path.cwd())
    current = project.build / CURRENT
    try:
        Build.open(current)
    except NoBuild:
        report(build(project, None, originals, track))
    return current
