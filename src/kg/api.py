"""What notebooks want: a build as data frames and networks, with the citations in them.

>>> import kg
>>> graph = kg.open(project)
>>> graph
<kg.Graph “A canal”: 17 facts of 1 source>

The facts about a thing, one row a citation:

>>> facts = graph.facts("opening of the Suez Canal")
>>> facts[["predicate_label", "object_label", "verdict", "quote"]].values.tolist()[0]
['date', '1869-11-17', 'Accepted', 'The Suez Canal was opened on 17 November 1869.']

A query, each row with what it rests on:

>>> answer = graph.query("SELECT ?date { :opening kg:date ?date }")
>>> answer.date.tolist()
['1869-11-17']
>>> [citation["passage"] for citation in answer.citations[0]]
['https://canal.example/source/canal#p1']

Whether a statement holds, of a subject, a property and a value, or as a named query with parameters:

>>> graph.verify("opening", "date", "1900").status
'contradicted'

And the network of all facts between things, as NetworkX has it:

>>> network = graph.network()
>>> network.number_of_edges()
17
"""

from __future__ import annotations

import json
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.graph.build import CURRENT
from kg.graph.queries import find_query
from kg.project import CONFIG, Project
from kg.server.parameters import fill_by_name
from kg.store.build import Build
from kg.store.cite.answer import CitedAnswer, CitedRow
from kg.store.cite.citer import Citer
from kg.store.cite.document import document
from kg.store.export.edge import edges, nodes
from kg.store.export.row import COLUMNS, fact_rows
from kg.store.index import Index
from kg.store.pattern import judge
from kg.store.record import Records, lexical
from kg.store.shape import Json
from kg.store.verify import Finding, verify
from kg.terms import XSD

if TYPE_CHECKING:
    import networkx
    import pandas

WHOLE = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
BROKEN = {XSD + name for name in ("decimal", "double", "float")}


class Graph:
    """One build, opened."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self._records = Records.of(build)

    @classmethod
    def open(cls, path: str | Path | None = None) -> Graph:
        """Open a build's folder, or the current build of a project; of this folder's, without a path.

        Raises NoBuild, KgError.
        """
        if path is None:
            return cls(Build.open(Project.find(Path.cwd()).build / CURRENT))
        folder = Path(path)
        is_project = (folder / CONFIG).is_file()
        return cls(Build.open(Project.open(folder).build / CURRENT if is_project else folder))

    def __repr__(self) -> str:
        facts, sources = self.build.counts["facts"], self.build.counts["sources"]
        plural = "" if sources == 1 else "s"
        return f"<kg.Graph “{self.build.title}”: {facts:,} facts of {sources:,} source{plural}>"

    def facts(self, about: str = "", verdict: str = "") -> pandas.DataFrame:
        """Facts, one row a citation, in the columns of `kg export --format csv`.

        `about` is the name or IRI of a thing that is subject or object; `verdict` such as "Accepted".
        Raises UnknownName, MissingExtra.
        """
        iri = self._index.resolve(about, ("entity", "source")).iri if about else ""
        rows = [
            row
            for fact in self._records.facts()
            if not iri or iri in (fact.subject, lexical(fact.object))
            if not verdict or fact.verdict == verdict
            for row in fact_rows(self._records, fact)
        ]
        frame: pandas.DataFrame = _pandas().DataFrame(rows, columns=list(COLUMNS))
        return frame.sort_values(["subject", "predicate", "object", "passage"], ignore_index=True)

    def query(self, query: str) -> pandas.DataFrame:
        """The answer of a SPARQL query; numbers are numbers, all else is text.

        The column `citations` has for each row the citations of the facts that it rests on, as objects
        with fact, verdict, passage, source, quote, digest, stance and accordingTo. Why a row has none is
        told by `frame.attrs["reason"]` and `frame.attrs["notes"]`. Raises QueryError, MissingExtra.
        """
        answer = self._citer.answer(query)
        variables = [*answer.variables]
        rows = [
            {
                **{name: _python(term) for name, term in zip(variables, row.values, strict=False)},
                "citations": _citations(answer, row),
            }
            for row in answer.rows
        ]
        frame: pandas.DataFrame = _pandas().DataFrame(rows, columns=[*variables, "citations"])
        frame.attrs.update(reason=answer.reason, notes=sorted(answer.notes))
        return frame

    def verify(self, subject: str, predicate: str, value: str) -> Finding:
        """Look whether the graph supports a statement: supported, contradicted or unknown, with the facts.

        Things are named by IRI, label or alias. Raises UnknownName.
        """
        return verify(self._index, subject, predicate, value)

    def verify_pattern(self, name: str, **values: str) -> Finding:
        """Look whether a named query holds with these parameters.

        Raises UnknownQuery, UnknownName, RequestError for a parameter that is missing or malformed.
        """
        text = find_query(self.build.queries, name).text
        filled = fill_by_name(self._index, text, values, self.build.prefixes)
        return judge(self._index, filled, partial(self._cited, filled))

    def _cited(self, query: str, stated: bool) -> Json:
        view = self._citer.view(query, stated=stated)
        found: Json = json.loads(document(self._citer, query, self.build.id, self.build.base, view))
        return found

    def network(self, verdict: str = "") -> networkx.MultiDiGraph[str]:
        """The facts as a directed multigraph; attributes as in `kg export --format graphml`."""
        try:
            import networkx
        except ImportError:
            raise MissingExtra("A network", "export") from None
        network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=self.build.title)
        network.add_nodes_from((node.id, node.attributes) for node in nodes(self._records))
        network.add_edges_from(
            (edge.source, edge.target, edge.id, edge.attributes)
            for edge in edges(self._records)
            if not verdict or edge.attributes["verdict"] == verdict
        )
        return network

    @cached_property
    def _index(self) -> Index:
        return Index(self.build)

    @cached_property
    def _citer(self) -> Citer:
        return Citer(self.build.load(), self.build.names, self.build.prefixes)


def _pandas() -> Any:
    try:
        import pandas
    except ImportError:
        raise MissingExtra("A data frame", "export") from None
    return pandas


def _python(term: object) -> str | int | float | None:
    if not isinstance(term, ox.Literal):
        return None if term is None else term.value if isinstance(term, ox.NamedNode) else str(term)
    datatype = term.datatype.value
    return int(term.value) if datatype in WHOLE else float(term.value) if datatype in BROKEN else term.value


def _citations(answer: CitedAnswer, row: CitedRow) -> list[dict[str, str]]:
    """Every citation of the facts behind a row, each once, in the order of the answer's facts."""
    places = sorted({place for witness in row.witnesses for place in witness})
    return [
        {
            "fact": fact.iri,
            "verdict": fact.verdict,
            "passage": citation.passage,
            "source": citation.source,
            "quote": citation.quote,
            "digest": citation.digest,
            "stance": citation.stance,
            "accordingTo": citation.according_to,
        }
        for fact in (answer.facts[place] for place in places)
        for citation in fact.citations
    ]
