"""`kg extract`: texts become proposals of facts, for a reader to accept or reject."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kg.cli import options
from kg.cli.progress import track
from kg.errors import KgError
from kg.facts.ontology import nearest
from kg.project import EXTRACTED, Project


@click.command()
@click.argument("what", metavar="[SOURCE|FILE]…", nargs=-1)
@options.originals
@click.option("--out", help="Folder for the proposals from files, or - for standard output [default: -].")
@click.option(
    "--date", default="", help="When the files were published (EDTF): relative dates count from it."
)
@click.option("--jobs", type=click.IntRange(1), help="Processes [default: one a core].")
@click.option("--again", is_flag=True, help="Read sources again though nothing has changed.")
@click.option("--model", help="Ask this language model, by its name in `llm`, instead of the built-in rules.")
def extract(
    what: tuple[str, ...], originals: Path | None, out: str | None, date: str, jobs: int | None, again: bool,
    model: str | None,
) -> None:  # fmt: skip
    """Propose facts from the sources of the project, or from any text file.

    Proposals from a source go to corpus/SOURCE.extracted.ttl. Nothing of it is in the graph until accepted.
    """
    from kg.extract.harvest import Harvester, harvest, write

    project = Project.find(Path.cwd())
    harvester = _harvester(project, originals, model) if model else Harvester(project, originals)
    known = [source.id for source in harvester.corpus.sources]
    sources = [name for name in what if name in known] if what else known
    paths = [_file(name, known) for name in what if name not in known]
    count = len(sources) + len(paths)
    processes = 1 if model else jobs or min(os.cpu_count() or 1, max(1, count))
    results = harvest(harvester, sources, paths, date=date, again=again, jobs=processes)
    total = 0
    for result in track(results, "reading", count):
        if result.skipped:
            click.echo(f"{result.source}: not read: {result.skipped}.", err=True)
            continue
        if result.text and result.path is None:
            _put(result.text, result.source, out, write)
        total += result.facts
        click.echo(_line(result.source, result.facts, result.fresh, dict(result.dropped)), err=True)
    click.echo(f"{total} facts proposed from {count} texts.", err=True)


def _harvester(project: Project, originals: Path | None, model: str):  # type: ignore[no-untyped-def]
    from kg.extract.harvest import Harvester
    from kg.extract.model import ModelExtractor

    asked = ModelExtractor.named(model, project.root / "build" / "answers")
    return Harvester(project, originals, asked, f"model {model}")


def _file(name: str, known: list[str]) -> Path:
    path = Path(name)
    if not path.is_file():
        raise KgError(f"There is no source and no file {name}. {nearest(name, known)}".strip())
    return path


def _put(text: str, source: str, out: str | None, write) -> None:  # type: ignore[no-untyped-def]
    if out in (None, "-"):
        sys.stdout.write(text)
        return
    folder = Path(str(out))
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / f"{source}{EXTRACTED}.ttl", text)


def _line(source: str, facts: int, fresh: bool, dropped: dict[str, int]) -> str:
    if not fresh:
        return f"{source}: unchanged"
    causes = "".join(f"; {number} left out: {cause}" for cause, number in dropped.items())
    return f"{source}: {facts} facts proposed{causes}"
