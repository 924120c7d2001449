"""The command line: one module a verb."""

from __future__ import annotations

import sys

import click

from kg.cli.serve import serve
from kg.errors import KgError


@click.group()
def commands() -> None:
    """Serve a knowledge graph in which every fact cites its passage."""


commands.add_command(serve)


def main() -> None:
    """Run a command; the one place where errors become messages and exit codes."""
    try:
        commands(standalone_mode=False)
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
