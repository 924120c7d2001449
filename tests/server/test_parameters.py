"""Named queries get their parameters: as terms, and as nothing else."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import RequestError
from kg.server.parameters import Parameter, fill, parameters_of

PREFIXES = {"": "https://kg.example/entity/", "kg": "https://kg.example/ontology#"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?s ?p ?_year_integer", [Parameter("year", "integer", True)]),
        ("?__year_integer $_name", [Parameter("year", "integer", False), Parameter("name", "string", True)]),
        ("?_label_en", [Parameter("label", "@en", True)]),
        ("?_iri", [Parameter("iri", "string", True)]),
        ("?_a_iri ?_a_iri", [Parameter("a", "iri", True)]),
        ('# ?_x\n\'?_y\' "?_z" """?_w""" <?_v>', []),
        ("?label ?under_score", []),
    ],
)
def test_parameters(text: str, expected: list[Parameter]) -> None:
    assert parameters_of(text) == expected


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("?_a_iri", {"a": "kg:Event"}, "<https://kg.example/ontology#Event>"),
        ("?_a_iri", {"a": ":x"}, "<https://kg.example/entity/x>"),
        ("?_n_integer", {"n": "7"}, '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("?_n", {"n": 'x" } #'}, '"x\\" } #"'),
        ("?_n_en", {"n": "x"}, '"x"@en'),
        ("?__n ?_m", {"m": "1"}, '?__n "1"'),
    ],
)
def test_fill(text: str, values: dict[str, str], expected: str) -> None:
    assert fill(text, values, PREFIXES) == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("?_n_integer", {"n": "seven"}),
        ("?_n_date", {"n": "1858"}),
        ("?_n_iri", {"n": "a b"}),
        ("?_n_iri", {"n": "http://x/> } #"}),
        ("?_n", {}),
        ("?_n", {"n": "1", "m": "2"}),
    ],
)
def test_values_that_do_not_fit(text: str, values: dict[str, str]) -> None:
    with pytest.raises(RequestError):
        fill(text, values, PREFIXES)


@given(st.text())
def test_whatever_is_given_stays_one_term(value: str) -> None:
    """The query finds just what was put in: nothing in a value can end its term."""
    query = fill("SELECT ?x WHERE { VALUES ?x { ?_value } }", {"value": value}, {})
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return
    solutions = ox.Store().query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    assert [solution[0] for solution in solutions] == [ox.Literal(value)]
