"""The two ends of a property path become the ways between them, as facts.

pyoxigraph says only that there is a way. For `+` and `*` one shortest way is found, breadth first;
for all else, every way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.store.cite.evidence import NOTHING, Evidence, Options
from kg.store.cite.path import Alternative, Inverse, Negated, Path, Repeat, Sequence, Step
from kg.store.store import Graph, Store, Term

Facts = frozenset[str]
Move = tuple[Term, Facts]
"""Where one goes, and what that rests on."""


class Trails:
    """Finds ways in the graphs of one dataset; it remembers the trees that it has searched."""

    def __init__(self, store: Store, evidence: Evidence, constants: Mapping[str, Term]) -> None:
        self.store = store
        self.evidence = evidence
        self.constants = constants
        self._trees: dict[tuple[Path, Term, bool, tuple[Graph, ...]], Tree] = {}

    def between(self, path: Path, start: Term, end: Term, graphs: tuple[Graph, ...]) -> Options:
        """The ways from one term to another; none where there is no way."""
        walk = Walk(self, graphs)
        if isinstance(path, Inverse):
            return self.between(path.path, end, start, graphs)
        if isinstance(path, Repeat) and path.zero and start == end:
            return NOTHING
        if isinstance(path, Repeat) and path.many:
            way = walk.tree(path.path, start, True).way(end)
            return () if way is None else (way,)
        moves = walk.moves(path, start, True)
        return tuple(dict.fromkeys(facts for node, facts in moves if node == end))

    def tree(self, path: Path, start: Term, forward: bool, walk: Walk) -> Tree:
        """The tree of what can be reached, grown as far as it was asked for."""
        key = (path, start, forward, walk.graphs)
        if key not in self._trees:
            self._trees[key] = Tree(start, walk, path, forward)
        return self._trees[key]


class Walk:
    """Moves along paths in some graphs."""

    def __init__(self, trails: Trails, graphs: tuple[Graph, ...]) -> None:
        self.trails = trails
        self.graphs = graphs

    def tree(self, path: Path, start: Term, forward: bool) -> Tree:
        """What is reached from a term by going along a path again and again."""
        return self.trails.tree(path, start, forward, self)

    def moves(self, path: Path, start: Term, forward: bool) -> Iterator[Move]:
        """Where a path leads from a term; against its direction where `forward` is false."""
        match path:
            case Step(iri):
                quads = self._quads(start, _property(self.trails.constants[iri]), forward)
                return (self._move(quad, forward) for quad in quads)
            case Inverse(inner):
                return self.moves(inner, start, not forward)
            case Alternative(paths):
                return (move for inner in paths for move in self.moves(inner, start, forward))
            case Sequence(paths):
                return self._through(paths if forward else paths[::-1], start, forward)
            case Repeat(inner, _):
                return self._again(path, inner, start, forward)
            case Negated(ahead, behind):
                return self._except(ahead, behind, start, forward)

    def _through(self, paths: tuple[Path, ...], start: Term, forward: bool) -> Iterator[Move]:
        if not paths:
            yield start, frozenset()
            return
        for middle, facts in self.moves(paths[0], start, forward):
            for end, more in self._through(paths[1:], middle, forward):
                yield end, facts | more

    def _again(self, path: Repeat, inner: Path, start: Term, forward: bool) -> Iterator[Move]:
        if path.zero:
            yield start, frozenset()
        yield from self.tree(inner, start, forward) if path.many else self.moves(inner, start, forward)

    def _except(self, ahead: Facts, behind: Facts, start: Term, forward: bool) -> Iterator[Move]:
        if ahead or not behind:
            yield from self._unless(ahead, start, forward)
        if behind:
            yield from self._unless(behind, start, not forward)

    def _unless(self, iris: Iterable[str], start: Term, forward: bool) -> Iterator[Move]:
        excluded = {self.trails.constants[iri] for iri in iris}
        quads = self._quads(start, None, forward)
        return (self._move(quad, forward) for quad in quads if quad.predicate not in excluded)

    def _quads(self, start: Term, predicate: ox.NamedNode | None, forward: bool) -> Iterator[ox.Quad]:
        find = self.trails.store.quads_for_pattern
        for graph in self.graphs:
            if not forward:
                yield from find(None, predicate, start, graph)
            elif isinstance(start, ox.NamedNode | ox.BlankNode):
                yield from find(start, predicate, None, graph)

    def _move(self, quad: ox.Quad, forward: bool) -> Move:
        facts = self.trails.evidence.of(quad.subject, quad.predicate, quad.object)[0]
        return quad.object if forward else quad.subject, facts


def _property(term: Term) -> ox.NamedNode:
    assert isinstance(term, ox.NamedNode)
    return term


class Tree:
    """A breadth-first search from one term, going on only when it is asked for more."""

    def __init__(self, start: Term, walk: Walk, path: Path, forward: bool) -> None:
        self._ways: dict[Term, Facts] = {}
        self._growth = self._grow(start, walk, path, forward)

    def way(self, end: Term) -> Facts | None:
        """What a shortest way to a term rests on; None where there is none."""
        while end not in self._ways:
            if next(self._growth, None) is None:
                return None
        return self._ways[end]

    def __iter__(self) -> Iterator[Move]:
        for _ in self._growth:
            pass
        return iter(self._ways.items())

    def _grow(self, start: Term, walk: Walk, path: Path, forward: bool) -> Iterator[Term]:
        ahead: deque[Move] = deque([(start, frozenset())])
        while ahead:
            here, facts = ahead.popleft()
            for there, more in walk.moves(path, here, forward):
                if there not in self._ways:
                    self._ways[there] = facts | more
                    ahead.append((there, facts | more))
                    yield there
