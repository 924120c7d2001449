"""The command line: one module a verb.

Exit codes: 0 done, 1 the input is at fault, 2 it could not run.
"""

from __future__ import annotations

import sys

import click

from kg import __version__
from kg.cli.add import add
from kg.cli.build import build
from kg.cli.check import check
from kg.cli.diff import diff
from kg.cli.evaluate import evaluate
from kg.cli.export import export
from kg.cli.extract import extract
from kg.cli.import_ import import_
from kg.cli.init import init
from kg.cli.locate import locate
from kg.cli.mcp import mcp
from kg.cli.push import push
from kg.cli.query import query
from kg.cli.review import review
from kg.cli.serve import serve
from kg.errors import InputError, KgError, QueryError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
def commands() -> None:
    """Build, check, query and serve a knowledge graph in which every fact cites its passage."""


for command in (
    *(init, add, extract, review, evaluate, import_),
    *(check, build, diff, locate, query, export, push, serve, mcp),
):
    commands.add_command(command)


def main() -> None:
    """Run a command; the one place where errors become messages and exit codes."""
    try:
        commands(standalone_mode=False)
    except InputError as error:
        for finding in error.findings:
            click.echo(finding, err=True)
        count = len(error.findings)
        click.echo(f"{count} finding{'s' if count > 1 else ''}; nothing was changed.", err=True)
        sys.exit(error.exit_code)
    except QueryError as error:
        click.echo(f"kg: {error.located}", err=True)
        sys.exit(error.exit_code)
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
