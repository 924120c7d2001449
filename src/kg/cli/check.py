"""`kg check`: everything that is wrong, with file, line and remedy."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from kg.cli import options
from kg.cli.progress import track
from kg.errors import Finding
from kg.graph.build import Reading
from kg.project import Project


@click.command()
@options.originals
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "github"]), default="text", show_default=True
)
def check(originals: Path | None, style: str) -> None:
    """Find everything that is wrong with the project. Exit 0: clean, 1: findings, 2: could not run."""
    project = Project.find(Path.cwd())
    findings = [
        _relative(finding, project.root) for finding in Reading.of(project, originals, track).findings
    ]
    _PRINTERS[style](findings)
    if style == "text":
        click.echo(f"{len(findings)} findings." if findings else "Clean.", err=True)
    sys.exit(1 if findings else 0)


def _relative(finding: Finding, root: Path) -> Finding:
    path = finding.path.relative_to(root) if finding.path.is_relative_to(root) else finding.path
    parts = (finding.line, finding.code, finding.message, finding.remedy, finding.severity)
    return Finding(path, *parts)


def _text(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(finding)


def _json(findings: Sequence[Finding]) -> None:
    rows = [{**finding.__dict__, "path": str(finding.path)} for finding in findings]
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False))


def _github(findings: Sequence[Finding]) -> None:
    """Workflow commands that annotate the lines of a pull request."""
    for finding in findings:
        place = f"file={finding.path},line={finding.line or 1},title={finding.code}"
        text = f"{finding.message} {finding.remedy}".replace("%", "%25").replace("\n", "%0A")
        click.echo(f"::{finding.severity} {place}::{text}")


_PRINTERS = {"text": _text, "json": _json, "github": _github}
