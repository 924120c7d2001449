"""Progress on standard error: a live line on a terminal, silence elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track as rich_track

T = TypeVar("T")


def track(items: Iterable[T], stage: str, total: int | None = None) -> Iterable[T]:
    """Pass items through and show how many have passed."""
    console = Console(stderr=True)
    return rich_track(
        items, stage, total=total, console=console, transient=True, disable=not console.is_terminal
    )
