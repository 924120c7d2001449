"""A job becomes an answer: the inside of an evaluator process."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable, Iterator
from itertools import chain

import pyoxigraph as ox

from kg.errors import KgError, NotAcceptable, QueryError, QueryRefused, QueryTooBig
from kg.store.build import Build
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.confine import Limits, set_deadline
from kg.store.formats import BY_NAME, Format
from kg.store.frames import Channel, Kind, pack, pack_end, pack_json
from kg.store.job import Job, Order
from kg.store.scan import Scan, declared, scan
from kg.store.sink import Sink
from kg.store.statistics import statistics
from kg.store.store import Answer
from kg.store.view import View, Views

SPENT = 128 << 10
"""KiB by which an evaluator may grow before it makes way for a fresh one."""
PATIENCE = 0.001
"""Seconds after which the jobs that wait behind another may have been recalled."""
NO_SERVICE = "SERVICE is refused: this endpoint calls no other services."
NO_MEMORY = "The query needs more memory than one query may have. Ask for less at a time."


class Evaluator:
    """Answers jobs over one store, one at a time."""

    def __init__(self, views: Views, citer: Citer, build: Build, limits: Limits) -> None:
        self.views = views
        self.store = views.store
        self.citer = citer
        self.build = build
        self.prefixes = dict(build.prefixes)
        self._marks = [(f"{prefix}:", prefix, iri) for prefix, iri in build.prefixes.items()]
        self.services = limits.services

    def serve(self, channel: Channel) -> None:
        """Answer jobs until the other side closes, or until this process has grown too big."""
        size = _peak()
        while _peak() - size < SPENT and (frame := channel.receive()):
            kind, payload = frame
            if kind is Kind.RECALL:
                channel.send(pack(Kind.RECALL))
                continue
            begun = time.monotonic()
            order = Order.decode(payload)
            set_deadline(order.deadline)
            channel.send(self.answer(order, channel))
            set_deadline(0)
            if time.monotonic() - begun > PATIENCE:
                channel.look()

    def answer(self, order: Order, channel: Channel) -> bytes:
        """Do one job; returns what is left to send at its end, which is all of it where it is small."""
        try:
            self.views.begin(order)
            if order.job.task == "probe":
                return pack_json(Kind.HEAD, {}) + pack_end(None)
            if order.job.task == "statistics":
                return pack_json(Kind.HEAD, statistics(self.store, self.views)) + pack_end(None)
            write = self._writer(order.job)
            return write(order, channel).finish()
        except MemoryError:
            return _error(QueryTooBig(NO_MEMORY))
        except KgError as error:
            return _error(error)
        except SyntaxError as error:
            return _error(self.views.syntax_error(error, order.job.query))
        except OSError as error:
            return _error(self._outside(error))
        except (ValueError, RuntimeError) as error:
            return _error(QueryError(str(error)))
        finally:
            self.views.end()

    def _writer(self, job: Job) -> Callable[[Order, Channel], Sink]:
        if job.task != "query":
            return self._export
        return self._cite if job.cite else self._query

    def _query(self, order: Order, channel: Channel) -> Sink:
        job = order.job
        names = scan(job.query, self.prefixes, job.base)
        self._check_services(job.query, names)
        answer = self._evaluate(job, self.views.choose(job, names))
        form = _choose(job, answer)
        sink = Sink(channel.send, form, job.gzip, order.max_bytes)
        if isinstance(form.syntax, ox.RdfFormat):
            prefixes = {**self.prefixes, **declared(job.query)}
            ox.serialize(answer, sink.file, form.syntax, prefixes=prefixes)  # type: ignore[arg-type]
        else:
            answer.serialize(sink.file, form.syntax)  # type: ignore[arg-type]  # the format fits the form
        return sink

    def _cite(self, order: Order, channel: Channel) -> Sink:
        """Answer a query with the facts behind each row."""
        job = order.job
        names = scan(job.query, self.prefixes, job.base)
        self._check_services(job.query, names)
        view = self.views.choose(job, names)
        form = BY_NAME["json"]
        sink = Sink(channel.send, form, job.gzip, order.max_bytes)
        address = job.address or self.build.base
        sink.write(document(self.citer, job.query, self.build.id, address, view, job.base or None))
        return sink

    def _evaluate(self, job: Job, view: View) -> Answer:
        return view.store.query(
            job.query,
            base_iri=job.base or None,
            prefixes=self._prefixes(job.query),
            default_graph=view.default_graph,
            named_graphs=view.named_graphs,
        )

    def _prefixes(self, query: str) -> dict[str, str]:
        """Those that the query may use: to hand over all of them takes a fifth of a small query's time."""
        if "\\" in query:  # an escape may stand for anything
            return self.prefixes
        return {prefix: iri for mark, prefix, iri in self._marks if mark in query}

    def _check_services(self, query: str, names: Scan) -> None:
        """Refuse calls of other services, but for those that are allowed.

        Without an allow-list this is a courtesy, as the process cannot open sockets. With one it is
        the only barrier, and so it takes no word for harmless that it does not recognise.
        """
        if not self.services:
            if names.services:
                raise QueryRefused(NO_SERVICE)
            return
        rest = query
        for service in self.services:
            rest = re.sub(rf"(?i)\bservice\s+(silent\s+)?<{re.escape(service)}>", "", rest)
        if re.search("service", rest, re.IGNORECASE):
            allowed = ", ".join(f"<{service}>" for service in self.services)
            raise QueryRefused(
                f"SERVICE is refused: it may only call {allowed}, written out as an IRI, and a query with "
                "the word “service” anywhere else is refused with it."
            )

    def _outside(self, error: OSError) -> KgError:
        """What pyoxigraph raises for what it cannot write, and for what it cannot reach."""
        if "does not support RDF 1.2" in str(error):
            return _no_triple_terms(BY_NAME["jsonld"])
        return QueryError(f"SERVICE failed: {error}") if self.services else QueryRefused(NO_SERVICE)

    def _export(self, order: Order, channel: Channel) -> Sink:
        job = order.job
        form = BY_NAME[job.graph]
        if not form.rdf12 and (job.rdf12 or self.views.rdf12.value in job.default_graphs):
            raise _no_triple_terms(form)
        sink = Sink(channel.send, form, job.gzip, order.max_bytes)
        statements = self._quads(job) if job.task == "dataset" else self._triples(job)
        assert isinstance(form.syntax, ox.RdfFormat)
        ox.serialize(statements, sink.file, form.syntax, prefixes=self.prefixes)
        return sink

    def _quads(self, job: Job) -> Iterator[ox.Quad]:
        hidden = None if job.rdf12 else self.views.rdf12
        return (quad for quad in self.store if quad.graph_name != hidden)

    def _triples(self, job: Job) -> Iterator[ox.Triple]:
        graphs: list[ox.NamedNode | ox.DefaultGraph] = [self.views.graph(iri) for iri in job.default_graphs]
        if not graphs:
            graphs = [ox.DefaultGraph(), self.views.rdf12] if job.rdf12 else [ox.DefaultGraph()]
        quads = chain.from_iterable(self.store.quads_for_pattern(None, None, None, graph) for graph in graphs)
        return (quad.triple for quad in quads)


def _choose(job: Job, answer: Answer) -> Format:
    """The format for this form of query. Raises NotAcceptable where the client takes none."""
    triples = not isinstance(answer, ox.QuerySolutions | ox.QueryBoolean)
    name = job.graph if triples else job.results
    if not name:
        form = "CONSTRUCT or DESCRIBE query is triples" if triples else "SELECT or ASK query is bindings"
        raise NotAcceptable(f"The answer of a {form}, which none of the formats asked for can hold.")
    return BY_NAME[name]


def _no_triple_terms(form: Format) -> NotAcceptable:
    return NotAcceptable(f"{form.essence} cannot hold the triple terms of RDF 1.2. Ask for Turtle or TriG.")


def _error(error: KgError) -> bytes:
    place = {"line": error.line, "column": error.column} if isinstance(error, QueryError) else {}
    return pack_json(Kind.ERROR, {"error": type(error).__name__, "message": str(error), **place})


def _peak() -> int:
    """The largest size of this process so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
