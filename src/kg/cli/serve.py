"""`kg serve`: the built graph as a SPARQL service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from kg.errors import NoBuild
from kg.project import Project
from kg.server.settings import Settings
from kg.server.supervisor import Supervisor
from kg.store.build import Build

CURRENT = "current"


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
@_options
def serve(folder: Path | None, **settings: Any) -> None:
    """Serve the graph: SPARQL at /sparql, graphs at /data. Builds it first where it is not built."""
    current = folder or _current()
    Supervisor(Settings(**settings), current).run(
        lambda url: click.echo(f"Serving {Build.open(current).title} at {url}/sparql", err=True)
    )


def _current() -> Path:
    project = Project.find(Path.cwd())
    current = project.build / CURRENT
    try:
        Build.open(current)
    except NoBuild:
        _build(project)
    return current


def _build(project: Project) -> None:
    """SEAM: call kg.graph.build here once it is on this branch."""
    raise NoBuild(f"There is no build in {project.build}. Run `kg build`.")
