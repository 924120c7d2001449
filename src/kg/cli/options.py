"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

originals = click.option(
    "--originals",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    envvar="KG_ORIGINALS",
    help="Folder of the original texts; without it quotes are left out and spans not verified.",
)
out = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the builds [default: build]."
)
