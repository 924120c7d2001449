"""`kg export`: the built graph as a standard file."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from kg.errors import KgError
from kg.graph.build import CURRENT
from kg.project import Project
from kg.store.build import Build
from kg.store.export import FORMATS, Citations, FileFormat, FolderFormat

CITATIONS = [choice.value for choice in Citations]


@click.command()
@click.option("--format", "style", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--citations",
    type=click.Choice(CITATIONS),
    default="facts",
    show_default=True,
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="File [default: stdout], or folder.")
@click.option("--build", "folder", type=click.Path(path_type=Path), help="A build [default: build/current].")
def export(style: str, citations: str, output: Path | None, folder: Path | None) -> None:
    """Write the graph in a standard format; the same build gives the same bytes."""
    build = Build.open(folder or Project.find(Path.cwd()).build / CURRENT)
    format_, choice = FORMATS[style], Citations(citations)
    if isinstance(format_, FolderFormat):
        _write_folder(format_, build, choice, output)
    elif output is None:
        format_.write(build, choice, sys.stdout.buffer)
    else:
        _write_file(format_, build, choice, output)


def _write_file(format_: FileFormat, build: Build, citations: Citations, output: Path) -> None:
    """Write beside the file and then put it in its place, so that it is whole or not there."""
    if output.is_dir():
        raise KgError(f"{output} is a folder. Name a file with -o.")
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            format_.write(build, citations, file)
        partial.replace(output)
    except OSError as error:
        raise KgError(f"{output} cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)


def _write_folder(format_: FolderFormat, build: Build, citations: Citations, output: Path | None) -> None:
    if output is None:
        raise KgError("This format is a folder of files. Name it with -o.")
    if output.exists() and (output.is_file() or any(output.iterdir())):
        raise KgError(f"{output} exists already and is not an empty folder. Name another with -o.")
    partial = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        partial.mkdir(parents=True)
        format_.write(build, citations, partial)
        partial.replace(output)
    except OSError as error:
        raise KgError(f"{output} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
