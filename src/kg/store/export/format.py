"""What every encoding of a build has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from kg.store.build import Build


class Citations(StrEnum):
    """How much of the citation model an export holds."""

    FACTS = "facts"
    """Facts, citations and passages beside the triples that they support."""
    NONE = "none"
    """Only what is asserted, with labels and types: the graph as a plain graph."""


FileWriter = Callable[[Build, Citations, IO[bytes]], None]
FolderWriter = Callable[[Build, Citations, Path], None]


@dataclass(frozen=True)
class FileFormat:
    """An encoding that is one file."""

    extension: str
    write: FileWriter


@dataclass(frozen=True)
class FolderFormat:
    """An encoding that is a folder of files."""

    write: FolderWriter


Format = FileFormat | FolderFormat
