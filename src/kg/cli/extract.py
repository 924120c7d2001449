"""`kg extract`: texts become proposals of facts, for a reader to accept or reject."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import options
from kg.cli.progress import track
from kg.errors import KgError
from kg.extract.file import write
from kg.facts.hint import nearest
from kg.project import CONFIG, EXTRACTED, Project

if TYPE_CHECKING:
    from kg.extract.harvest import Harvest, Harvester
    from kg.extract.model import ModelExtractor

ANSWERS = "answers"
"""Folder, beside the builds, of what models have answered."""
NOWHERE = "https://kg.example/"
"""Base of the IRIs proposed from files outside any project."""


@click.command()
@click.argument("what", metavar="[SOURCE|FILE]…", nargs=-1)
@options.originals
@click.option("--out", help="Folder for the proposals from files, or - for standard output [default: -].")
@click.option(
    "--date", default="", help="When the files were published, in EDTF; “last year” counts from it."
)
@click.option("--jobs", type=click.IntRange(1), help="Processes [default: one a core].")
@click.option(
    "--scheduler", default="", help="Dask scheduler whose workers do the reading, such as tcp://host:8786."
)
@click.option("--again", is_flag=True, help="Read sources again though nothing has changed.")
@click.option("--model", help="Ask this language model, by its name in `llm`, instead of the built-in rules.")
def extract(
    what: tuple[str, ...],
    originals: Path | None,
    out: str | None,
    date: str,
    jobs: int | None,
    scheduler: str,
    again: bool,
    model: str | None,
) -> None:
    """Propose facts from the sources of the project, or from any text file.

    Proposals from a source go to corpus/SOURCE.extracted.ttl. Nothing of it is in the graph until accepted.
    """
    require("spacy", "extract")
    if scheduler:
        require("distributed", "dask")
        if model:
            raise click.UsageError("--model does not go with --scheduler: a model is asked from here.")
    from kg.extract.harvest import harvest

    harvester, asked = _open(_project(what), originals, model)
    known = [source.id for source in harvester.corpus.sources]
    sources = [name for name in what if name in known] if what else known
    paths = [_file(name, known) for name in what if name not in known]
    count = len(sources) + len(paths)
    processes = 1 if model else jobs or min(os.cpu_count() or 1, max(1, count))
    results = harvest(harvester, sources, paths, date=date, again=again, jobs=processes, scheduler=scheduler)
    total = sum(_report(result, out) for result in track(results, "reading", count))
    click.echo(f"{total} facts proposed from {count} texts.", err=True)
    if asked is not None:
        click.echo(f"{asked.spent}.", err=True)


def require(module: str, extra: str) -> None:
    """Raise KgError where what an extra brings is not installed."""
    if find_spec(module) is None:
        raise KgError(f"This needs the extra “{extra}”: pip install 'citable-kg[{extra}]'.")


def _project(what: tuple[str, ...]) -> Project:
    """Open the project around; files alone can be read without one."""
    here = Path.cwd()
    inside = any((folder / CONFIG).is_file() for folder in (here, *here.parents))
    files = bool(what) and all(Path(name).is_file() for name in what)
    return Project(here, NOWHERE) if files and not inside else Project.find(here)


def _open(
    project: Project, originals: Path | None, model: str | None
) -> tuple[Harvester, ModelExtractor | None]:
    from kg.extract.harvest import Harvester

    harvester = Harvester(project, originals)
    if model is None:
        return harvester, None
    require("llm", "llm")
    from kg.extract.model import ModelExtractor

    asked = ModelExtractor.named(model, harvester.linker.ontology, project.build / ANSWERS)
    return Harvester(project, originals, asked, f"model {model}"), asked


def _file(name: str, known: list[str]) -> Path:
    path = Path(name)
    if not path.is_file():
        raise KgError(f"There is no source and no file {name}. {nearest(name, known)}".strip())
    return path


def _report(result: Harvest, out: str | None) -> int:
    """Say what came of one text, put its proposals where they belong, and return how many facts they are."""
    if result.skipped:
        click.echo(f"{result.source}: not read: {result.skipped}.", err=True)
        return 0
    if not result.fresh:
        click.echo(f"{result.source}: unchanged", err=True)
        return 0
    if result.path is None:
        _put(result.text, result.source, out)
    notes = "".join(f"; {number} × {note}" for note, number in result.notes)
    click.echo(f"{result.source}: {result.facts} facts proposed{notes}", err=True)
    return result.facts


def _put(text: str, source: str, out: str | None) -> None:
    if out in (None, "-"):
        sys.stdout.write(text)
        return
    folder = Path(str(out))
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / f"{source}{EXTRACTED}.ttl", text)
