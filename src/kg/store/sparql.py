"""A query is evaluated on a store in this process: for the command line and for tests.

The service evaluates in processes of its own, which it can stop.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.syntax import parse_error

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def evaluate(store: ox.Store, query: str, prefixes: Mapping[str, str]) -> Answer:
    """Answer a SPARQL 1.1 query from the default graph and the named graphs of the store.

    Prefixes that the query does not declare are taken from `prefixes`. Raises QueryError with the
    line and column of a syntax error.
    """
    try:
        return store.query(query, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise parse_error(error, query) from None
    except ValueError as error:
        raise QueryError(str(error)) from None
