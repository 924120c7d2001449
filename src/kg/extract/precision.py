"""What was measured of a kind of fact: how many of those found in held-out texts were right."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple


class Precision(NamedTuple):
    """Counts of one kind of fact."""

    kind: str
    """Such as `meeting`."""
    found: int
    right: int

    @property
    def share(self) -> float:
        """Of the facts found, how many were right, from 0 to 1."""
        return self.right / self.found

    def as_json(self) -> dict[str, str | int | float]:
        """As look-ups and cited answers give it."""
        return {**self._asdict(), "share": round(self.share, 3)}


def precision_of(rule: str) -> Precision | None:
    """What was measured of a rule's kind of fact; None where nothing was, as of a language model's facts."""
    return MEASURED.get(rule.partition(".")[0])


def read_table(text: str) -> dict[str, Precision]:
    """The counts of a file such as `write_table` makes; kinds of which none was found are left out."""
    kinds = tomllib.loads(text)["kinds"]
    return {kind: Precision(kind, **counts) for kind, counts in kinds.items() if counts["found"]}


def write_table(counts: Mapping[str, tuple[int, int]], command: str) -> str:
    """Facts found and right ones of each kind as TOML, with the command that measured them."""
    lines = [
        "# How many of the facts that were found in held-out texts were right, by kind of fact.",
        f"# Written by: {command}",
        "[kinds]",
    ]
    rows = (f"{kind} = {{ found = {found}, right = {right} }}" for kind, (found, right) in counts.items())
    return "\n".join([*lines, *sorted(rows)]) + "\n"


MEASURED = read_table(files("kg.extract").joinpath("precision.toml").read_text("utf-8"))
"""By kind. Read at once, because the evaluators of the service may open no file later."""
