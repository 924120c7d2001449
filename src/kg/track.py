"""How long work shows progress: items pass through a function that says how many have passed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Passes items through and shows at which stage they are."""

    def __call__(self, items: Iterable[T], stage: str) -> Iterable[T]: ...  # noqa: D102


def silent(items: Iterable[T], stage: str) -> Iterable[T]:  # noqa: ARG001
    """Show nothing."""
    return items
