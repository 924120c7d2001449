"""The current build becomes everything that look-ups need, opened once for each build."""

from __future__ import annotations

from functools import cached_property

from kg.errors import UnknownQuery
from kg.graph.queries import NamedQuery, read_queries
from kg.server.parameters import parameters_of
from kg.server.service import Service
from kg.store.build import Build
from kg.store.facts import Facts
from kg.store.figures import Figures
from kg.store.index import Index
from kg.store.lookup import Lookup
from kg.store.search import Search
from kg.store.shape import Json, context


class Volume:
    """One build, opened for look-ups."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.index = Index(build)
        self.lookup = Lookup(self.index)
        self.facts = Facts(self.index)
        self.search = Search(self.index)
        self.figures = Figures(self.index)

    @cached_property
    def context(self) -> Json:
        """The JSON-LD context."""
        return context(self.build)

    @cached_property
    def queries(self) -> list[NamedQuery]:
        """The named queries."""
        return list(read_queries(self.build.queries))

    @cached_property
    def askable(self) -> list[NamedQuery]:
        """Those that need no parameters."""
        wanted = ((query, parameters_of(query.text)) for query in self.queries)
        return [query for query, parameters in wanted if not any(each.required for each in parameters)]

    def query(self, name: str) -> NamedQuery:
        """The named query of that name. Raises UnknownQuery."""
        for query in self.queries:
            if query.name == name:
                return query
        raise UnknownQuery(f"There is no query “{name}”. /api/queries lists those that there are.")


class Catalog:
    """The volume of the build that is served now."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._volume: Volume | None = None

    @property
    def current(self) -> Volume:
        """Raises NoBuild until there is one with an index."""
        build = self.service.pool.build
        if not self._volume or self._volume.build.id != build.id:
            self._volume = Volume(build)
        return self._volume
