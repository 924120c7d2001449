"""A build and a store elsewhere become what evaluators need: the graphs to choose from, and a citer."""

from __future__ import annotations

from contextlib import closing

import pyoxigraph as ox

from kg.errors import KgError, QueryRefused, RemoteError
from kg.store.build import Build
from kg.store.cite.citer import Basis, Citer
from kg.store.cite.dialect import Standard
from kg.store.cite.indexed import IndexedDossiers, IndexedEvidence
from kg.store.distant import DistantStore, Endpoint
from kg.store.index import Index
from kg.store.job import Job, Order
from kg.store.prologue import refuse
from kg.store.scan import Scan
from kg.store.transfer import BEHIND
from kg.store.view import View, Views

NO_RDF12 = 'The RDF 1.2 view is not to be had from a store elsewhere. Ask without VERSION "1.2".'
NO_STATED = (
    "What sources state and nobody has accepted cannot be asked of the store behind this service, "
    "whose default graph has no name. Push the build into a graph of its own to verify patterns in full."
)
GRAPHS = "SELECT iri FROM node WHERE id IN (SELECT source FROM citation) ORDER BY iri"


class DistantViews(Views):
    """The datasets that a store elsewhere can show."""

    store: DistantStore

    def begin(self, order: Order) -> None:
        """See that the store holds the build. Raises RemoteError."""
        self.store.begin(order.deadline, order.max_bytes, fresh=order.job.task == "probe")

    def end(self) -> None:
        """Let go of what the job has left unread."""
        self.store.end()

    def syntax_error(self, error: SyntaxError, query: str) -> KgError:  # noqa: ARG002
        """The query was parsed before it was sent, so it is the answer that is at fault."""
        return RemoteError(f"{BEHIND} gives answers that cannot be read: {error}.")

    def choose(self, job: Job, scan: Scan) -> View:
        """The dataset of a query. Raises QueryRefused for what must not be sent, and for other graphs."""
        refuse(job.query)
        if job.rdf12 or scan.rdf12:
            raise QueryRefused(NO_RDF12)
        view = super().choose(job, scan)
        return View(self.store, None, self.public) if view is self._whole and scan.graph else view

    @property
    def stated(self) -> View:
        """As of a store here. Raises QueryRefused where the store's default graph has no name to ask by."""
        if not self.store.stamp.default_graph:
            raise QueryRefused(NO_STATED)
        return super().stated

    def _together(self, defaults: list[ox.NamedNode], names: list[ox.NamedNode]) -> View:
        return View(self.store, [*defaults], [*names])  # it is the store's part to merge them


def open_afar(build: Build, endpoint: Endpoint) -> tuple[DistantViews, Citer]:
    """What serves a build from a store elsewhere; the store itself is not asked yet. Raises NoBuild."""
    index = Index(build)
    with closing(index):
        graphs = [row["iri"] for row in index.rows(GRAPHS)]
        store = DistantStore(endpoint, build, graphs)
        views = DistantViews(store, build.names.rdf12)
        basis = Basis(IndexedEvidence(store, index), IndexedDossiers(index), Standard())
        citer = Citer(store, build.names, build.prefixes, basis)
        citer.prepare()
    return views, citer
