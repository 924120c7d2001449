"""`kg evaluate`: how good the extractor is, by kind of fact."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli import options
from kg.cli.extract import require
from kg.cli.progress import track
from kg.errors import KgError
from kg.extract.precision import write_table
from kg.project import Project


@click.command()
@click.argument("cases", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@options.originals
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--calibrate", is_flag=True, help="Print what each rule has earned, for calibration.toml.")
@click.option("--precision", is_flag=True, help="Print facts found and right by kind, for precision.toml.")
@click.option("--list", "listed", is_flag=True, help="List every miss and every false fact.")
def evaluate(
    cases: Path | None, originals: Path | None, as_json: bool, calibrate: bool, precision: bool, listed: bool
) -> None:
    """Score the built-in extractor: against the cases in a folder, or against the project's curated facts.

    Of curated facts only those count whose kind the extractor knows; whether a fact that the curators do not
    have is false, only a reader can tell, so against them precision is a lower bound.
    """
    require("spacy", "extract")
    from kg.extract import evaluate as scoring
    from kg.extract.curated import curated_cases
    from kg.extract.extractor import extract

    if cases is not None:
        tests = scoring.read_cases(cases)
        report = scoring.evaluate(track(tests, "reading"), extract)
    else:
        tests, run, matcher = curated_cases(Project.find(Path.cwd()), originals)
        report = scoring.evaluate(track(tests, "reading"), run, matcher)
    if not tests:
        raise KgError("There is nothing to evaluate: no cases, or no originals (--originals).")
    if calibrate:
        click.echo("\n".join(f'"{rule}" = {share}' for rule, share in report.calibration().items()))
        return
    if precision:
        counts = {kind: (score.found, score.right) for kind, score in report.scores.items()}
        click.echo(write_table(counts, f"kg evaluate {cases or ''} --precision".replace("  ", " ")), nl=False)
        return
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        return
    click.echo(scoring.table(report))
    click.echo()
    click.echo(scoring.reliability_table(report))
    for heading, rows in (("Missed", report.missed), ("False", report.false)) if listed else ():
        click.echo(f"\n{heading}:")
        for case, fact in rows:
            click.echo(f"  {case}: {fact}")
