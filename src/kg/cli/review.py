"""`kg review`: proposals are read one by one, and accepted, edited or rejected."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from kg.cli import options
from kg.cli.extract import require
from kg.errors import KgError
from kg.project import Project


@click.command()
@click.argument("sources", metavar="[SOURCE]…", nargs=-1)
@options.originals
def review(sources: tuple[str, ...], originals: Path | None) -> None:
    """Go through the proposals: accept, edit, reject, skip or quit.

    What is accepted moves to the facts of its source, as an ordinary edit; what is rejected is never
    proposed again.
    """
    require("spacy", "extract")
    from kg.extract.review import Desk, Standing

    desk = Desk.open(Project.find(Path.cwd()), originals)
    unknown = [name for name in sources if desk.harvester.corpus.source(name) is None]
    if unknown:
        raise KgError(f"There is no source {unknown[0]}.")
    console = Console()
    colours = {Standing.NEW: "green", Standing.CORROBORATES: "cyan", Standing.CONTRADICTS: "red"}
    counts = {"a": 0, "r": 0}
    for proposed in desk.proposals(sources):
        console.rule(f"{escape(proposed.source)}  {escape(proposed.place)}")
        console.print(desk.quote(proposed), highlight=False)
        for line in proposed.lines:
            standing = desk.standing(proposed, line)
            console.print(
                f"[{colours[standing]}]{standing:>12}[/]  {escape(desk.said(line))}", highlight=False
            )
        answer = click.prompt(
            "accept, edit, reject, skip, quit", type=click.Choice(list("aersq")), default="s"
        )
        if answer == "q":
            break
        if answer == "e":
            edited = click.edit(proposed.text, extension=".ttl")
            answer = "a" if edited and desk.replace(proposed, edited) else "s"
        if answer == "a":
            desk.accept(proposed)
        elif answer == "r":
            desk.reject(proposed)
        counts[answer] = counts.get(answer, 0) + 1
    click.echo(f"{counts['a']} accepted, {counts['r']} rejected.", err=True)
