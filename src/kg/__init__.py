"""A knowledge graph in which every fact cites the passage that states it.

For notebooks: `kg.open()` opens a build; see `kg.api`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.api import Graph

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(path: str | Path | None = None) -> Graph:  # noqa: A001
    """Open a build's folder, or the current build of a project; of this folder's, without a path.

    Raises NoBuild, KgError.
    """
    from kg.api import Graph  # only here, so that the commands need not load it

    return Graph.open(path)
