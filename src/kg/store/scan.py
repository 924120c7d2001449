"""A query's text becomes what must be known of it before it is evaluated.

A tokenizer after SPARQL 1.1 §19.8, not a parser: which graphs and services are named, and which
version is declared. Words inside comments, strings, IRIs and names are told apart from keywords.
It gives clear messages; that nothing is reached that must not be is the kernel's part (`confine`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

TOKEN = re.compile(
    r"""
    (?P<space>   \s+ | \#[^\r\n]* )
  | (?P<iri>     < (?: [^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )* > )
  | (?P<string>  \"{3} (?: "{0,2} (?: [^"\\] | \\. ) )* \"{3} | '{3} (?: '{0,2} (?: [^'\\] | \\. ) )* '{3}
               | " (?: [^"\\\n\r] | \\. )* " | ' (?: [^'\\\n\r] | \\. )* ' )
  | (?P<skip>    [?$]\w+ | @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
  | (?P<name>    (?: \w [\w.-]*+ )? : (?: [\w:.-] | %[0-9A-Fa-f]{2} | \\[_~.\-!$&'()*+,;=/?\#@%] )*+ )
  | (?P<words>   \w [\w.-]*+ )
  | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
BETWEEN = re.compile(r"[.-]+")
"""What keeps words apart in a run such as `5.SERVICE`; a run is taken whole, or scanning is quadratic."""
WORTH_A_LOOK = ("from", "service", "version", "graph")
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
Token = tuple[str, str]


@dataclass
class Scan:
    """What a query names."""

    default_graphs: list[str] = field(default_factory=list)
    """FROM, in order."""
    named_graphs: list[str] = field(default_factory=list)
    """FROM NAMED, in order."""
    services: list[str | None] = field(default_factory=list)
    """What SERVICE calls; None for a variable."""
    mentioned: set[str] = field(default_factory=set)
    """Every IRI in the text."""
    version: str = ""
    """What VERSION declares (SPARQL 1.2 §4.1.1)."""
    graph: bool = False
    """Whether GRAPH occurs."""

    @property
    def rdf12(self) -> bool:
        """Whether the query declares version 1.2."""
        return self.version.startswith("1.2")


PLAIN = Scan()


def scan(query: str, prefixes: Mapping[str, str], base: str = "") -> Scan:
    """What the query names; `prefixes` are those that it need not declare.

    >>> scan("SELECT * FROM <http://a/g> { ?service ?from 'GRAPH' } # SERVICE <http://b/>", {}).default_graphs
    ['http://a/g']
    """
    lowered = query.lower()
    if not any(word in lowered for word in WORTH_A_LOOK):
        return PLAIN
    return _Reader(dict(prefixes), base).read(tokens(query))


def tokens(query: str) -> Iterator[Token]:
    """Kind and text of each token: `iri`, `string`, `name` (prefixed), `word` or `other`."""
    for match in TOKEN.finditer(query):
        kind = match.lastgroup
        if kind == "words":
            yield from (("word", word) for word in BETWEEN.split(match[0]) if word)
        elif kind and kind not in {"space", "skip"}:
            yield kind, match[0]


def declared(query: str) -> dict[str, str]:
    """The prefixes that a query declares, but for those with relative IRIs.

    >>> declared("PREFIX : <http://a/> BASE <http://b/> PREFIX c: <d/> SELECT * { :b ?p 'PREFIX' }")
    {'': 'http://a/'}
    """
    found: dict[str, str] = {}
    keyword = name = ""
    for kind, text in tokens(query):
        if kind == "word":
            keyword = text.upper()
            if keyword not in PROLOGUE:
                break
        elif kind == "name":
            name = text[:-1]
        elif kind == "iri" and keyword == "PREFIX" and ABSOLUTE.match(text):
            found[name] = _unescape(text[1:-1])
    return found


def _unescape(iri: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)


class _Reader:
    """Walks through the tokens once."""

    def __init__(self, prefixes: dict[str, str], base: str) -> None:
        self.prefixes = prefixes
        self.base = base
        self.scan = Scan()

    def read(self, tokens: Iterator[Token]) -> Scan:
        before: tuple[str, ...] = ()  # the keywords that the next IRI belongs to
        prefix = ""
        for kind, text in tokens:
            word = text.upper() if kind == "word" else ""
            if kind in {"iri", "name"}:
                if before == ("PREFIX",) and kind == "name":
                    prefix = text[:-1]
                    continue
                self._iri(before, prefix, self._resolve(kind, text))
            elif before == ("VERSION",) and kind == "string":
                self.scan.version = text.strip("\"'")
            elif before[:1] == ("SERVICE",) and word != "SILENT":
                self.scan.services.append(None)
            if before == ("FROM",) and word == "NAMED":
                before = ("FROM", "NAMED")
            elif before != ("SERVICE",) or word != "SILENT":
                before = (word,) if word else ()
            self.scan.graph = self.scan.graph or word == "GRAPH"
        return self.scan

    def _iri(self, before: tuple[str, ...], prefix: str, iri: str) -> None:
        self.scan.mentioned.add(iri)
        match before:
            case ("PREFIX",):
                self.prefixes[prefix] = iri
            case ("BASE",):
                self.base = iri
            case ("FROM",):
                self.scan.default_graphs.append(iri)
            case ("FROM", "NAMED"):
                self.scan.named_graphs.append(iri)
            case ("SERVICE",):
                self.scan.services.append(iri)

    def _resolve(self, kind: str, text: str) -> str:
        if kind == "iri":
            iri = _unescape(text[1:-1])
            return urljoin(self.base, iri) if self.base else iri
        prefix, _, local = text.rstrip(".").partition(":")
        return self.prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
