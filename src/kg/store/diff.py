"""Two datasets become what changed between them: facts added, removed, judged or cited otherwise.

Both are walked once in the order of the facts' IRIs, so that only what differs is held in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import KgError
from kg.graph.lines import sorted_unique
from kg.store.build import Build
from kg.store.record import Citation, Fact, Records


@dataclass(frozen=True)
class Change:
    """One fact that differs; `before` is None where it was added, `after` where it was removed."""

    before: Fact | None
    after: Fact | None

    @property
    def fact(self) -> Fact:
        """The fact as it is now, or as it last was."""
        fact = self.after or self.before
        assert fact is not None
        return fact

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def verdicts(self) -> tuple[str, str] | None:
        """The old and the new verdict, where both exist and differ."""
        if self.before is None or self.after is None or self.before.verdict == self.after.verdict:
            return None
        return self.before.verdict, self.after.verdict

    @property
    def citations_added(self) -> tuple[Citation, ...]:
        """Citations that a changed fact has gained."""
        return _beyond(self.after, self.before)

    @property
    def citations_removed(self) -> tuple[Citation, ...]:
        """Citations that a changed fact has lost."""
        return _beyond(self.before, self.after)

    @property
    def notes_changed(self) -> bool:
        """Whether the curator's note of a changed fact is another."""
        return bool(self.before and self.after and self.before.notes != self.after.notes)


def _beyond(one: Fact | None, other: Fact | None) -> tuple[Citation, ...]:
    if one is None or other is None:
        return ()
    return tuple(citation for citation in one.citations if citation not in other.citations)


def diff(before: Records, after: Records) -> Iterator[Change]:
    """Every fact that differs, in the order of IRIs."""
    old, new = before.facts(), after.facts()
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left.iri < right.iri):
            yield Change(left, None)
            left = next(old, None)
        elif left is None or right.iri < left.iri:
            yield Change(None, right)
            right = next(new, None)
        else:
            if left != right:
                yield Change(left, right)
            left, right = next(old, None), next(new, None)


@contextmanager
def opened(path: Path) -> Iterator[Records]:
    """The records of a build's folder, or of an RDF file that `kg export` wrote with citations.

    Raises NoBuild, or KgError where the file cannot be read or holds no facts.
    """
    if path.is_dir():
        yield Records.of(Build.open(path))
        return
    with tempfile.TemporaryDirectory() as folder:
        sorted_path = Path(folder) / "dataset.nq"
        try:
            _sort(path, sorted_path)
        except OSError as error:
            raise KgError(f"{path} cannot be read: {error.strerror}.") from None
        except (SyntaxError, ValueError) as error:
            raise KgError(f"{path} is no RDF that can be read: {error}.") from None
        records = Records(sorted_path)
        if next(records.facts(), None) is None:
            raise KgError(f"{path} holds no facts. Was it exported with --citations none?")
        yield records


def _sort(path: Path, target: Path) -> None:
    """Any RDF file becomes sorted N-Quads of its default graph."""
    format_ = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if format_ is None:
        raise ValueError(f"nothing is known of the extension “{path.suffix}”")
    quads = ox.parse(path=str(path), format=format_)
    lines = (f"{quad.triple} .\n" for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph))
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(sorted_unique(lines, target.parent))
