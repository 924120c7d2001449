"""Variables of a named query become parameters of its URL, by the conventions of grlc.

`?_name` is a parameter that must be given, `?__name` one that may; `_iri`, `_integer`, `_number`,
`_decimal`, `_date` or `_edtf` at the end gives its type, two letters its language (`?_label_en`);
otherwise it is a plain string. https://github.com/CLARIAH/grlc#parameters
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import RequestError
from kg.store.index import Index
from kg.terms import EDTF, XSD

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|'
    r"'(?:[^'\\\n]|\\.)*'|<[^<>\"{}|^`\\\s]*>|#[^\n]*|[?$](?P<variable>_{1,2}[A-Za-z][A-Za-z0-9_]*)",
    re.DOTALL,
)
"""What may hold a question mark that is no variable, and the variables that are parameters."""
TYPES = {
    "integer": XSD + "integer",
    "number": XSD + "decimal",
    "decimal": XSD + "decimal",
    "date": XSD + "date",
    "edtf": EDTF + "EDTF",
}


class Parameter(NamedTuple):
    """One parameter of a named query."""

    name: str
    type: str
    """`iri`, `string`, a language such as `@en`, or a key of TYPES."""
    required: bool


def parameters_of(text: str) -> list[Parameter]:
    """The parameters of a query, each once, in order."""
    found = (match["variable"] for match in TOKEN.finditer(text) if match["variable"])
    return list(dict.fromkeys(map(_parameter, found)))


def _parameter(variable: str) -> Parameter:
    required = not variable.startswith("__")
    name, _, last = variable.lstrip("_").rpartition("_")
    if name and last in {"iri", *TYPES}:
        return Parameter(name, last, required)
    if name and len(last) == 2:
        return Parameter(name, f"@{last}", required)
    return Parameter(variable.lstrip("_"), "string", required)


def fill(text: str, values: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """The query with its parameters in place. Raises RequestError for one that is missing or malformed.

    Terms are written by the RDF library, so a value can never become anything but a term; a parameter
    that is not given and need not be stays a variable.
    """
    wanted = parameters_of(text)
    _check(wanted, values)

    def put(match: re.Match[str]) -> str:
        if not match["variable"]:
            return match[0]
        parameter = _parameter(match["variable"])
        value = values.get(parameter.name)
        return match[0] if value is None else str(_term(parameter, value, prefixes))

    return TOKEN.sub(put, text)


def fill_by_name(index: Index, text: str, values: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """As `fill`, but things are named as Index.resolve takes them. Raises UnknownName too."""
    things = {each.name for each in parameters_of(text) if each.type == "iri"} & values.keys()
    iris = {name: index.resolve(values[name].strip()).iri for name in things}
    return fill(text, {**values, **iris}, prefixes)


def _check(wanted: Sequence[Parameter], values: Mapping[str, str]) -> None:
    missing = [each.name for each in wanted if each.required and each.name not in values]
    if missing:
        raise RequestError(400, f"The query needs {', '.join(missing)}.")
    unknown = sorted(values.keys() - {each.name for each in wanted})
    if unknown:
        known = ", ".join(each.name for each in wanted) or "none"
        raise RequestError(400, f"The query has no parameter {', '.join(unknown)}. It has: {known}.")


def _term(parameter: Parameter, value: str, prefixes: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    try:
        if parameter.type == "iri":
            prefix, colon, local = value.partition(":")
            return ox.NamedNode(prefixes[prefix] + local if colon and prefix in prefixes else value)
        if parameter.type.startswith("@"):
            return ox.Literal(value, language=parameter.type[1:])
    except ValueError:
        raise RequestError(400, f"“{value}” is no IRI for {parameter.name}.") from None
    if parameter.type == "string":
        return ox.Literal(value)
    _check_number(parameter, value)
    return ox.Literal(value, datatype=ox.NamedNode(TYPES[parameter.type]))


PATTERNS = {
    "integer": r"[+-]?\d+",
    "number": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "date": r"\d{4}-\d\d-\d\d",
    "edtf": r"\S+",
}


def _check_number(parameter: Parameter, value: str) -> None:
    if not re.fullmatch(PATTERNS[parameter.type], value):
        raise RequestError(400, f"“{value}” is no {parameter.type} for {parameter.name}.")
