"""The text of a query becomes tokens (SPARQL 1.1 §19.8, with those that SPARQL 1.2 adds)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.errors import QueryError

TOKEN = re.compile(
    r"""
    (?P<gap>      (?: \s+ | \#[^\r\n]* )+ )
  | (?P<iri>      < (?: [^<>"{}|^`\\\x00-\x20] | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} )* > )
  | (?P<string>   (?: \"{3} (?: "{0,2} (?: [^"\\] | \\. ) )* \"{3}
                    | '{3} (?: '{0,2} (?: [^'\\] | \\. ) )* '{3}
                    | " (?: [^"\\\n\r] | \\. )* " | ' (?: [^'\\\n\r] | \\. )* ' ) )
  | (?P<tag>      @ [A-Za-z]+ (?: -[A-Za-z0-9]+ )* (?: --[a-z]+ )? )
  | (?P<var>      [?$] \w+ )
  | (?P<bnode>    _: [\w] (?: [\w.-]* [\w-] )? )
  | (?P<number>   (?: [0-9]+ (?: \.[0-9]+ )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<name>     (?: [^\W\d_] (?: [\w.-]* [\w-] )? )? :
                  (?: (?: [\w:] | %[0-9A-Fa-f]{2} | \\. ) (?: (?: [\w:.-] | %[0-9A-Fa-f]{2} | \\. )*
                      (?: [\w:-] | %[0-9A-Fa-f]{2} | \\. ) )? )? )
  | (?P<word>     [A-Za-z_] \w* )
  | (?P<sign>     <<\( | \)>> | << | >> | \{\| | \|\} | \^\^ | && | \|\| | != | <= | >= | . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token, and whether white space stands before it."""

    kind: str
    text: str
    gap: bool

    @property
    def word(self) -> str:
        """A keyword in upper case; the sign itself; empty for all else."""
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "sign" else ""


END = Token("end", "", gap=True)


def tokenize(query: str) -> tuple[Token, ...]:
    """Every token of a query, and an END. Raises QueryError at a character that begins none."""
    tokens: list[Token] = []
    gap = False
    for match in TOKEN.finditer(query):
        kind = match.lastgroup
        if kind is None:
            raise QueryError(f"The query does not parse at “{match[0]}”.")
        if kind != "gap":
            tokens.append(Token(kind, match[0], gap))
        gap = kind == "gap"
    return (*tokens, END)


def write(tokens: Iterable[Token]) -> str:
    """Tokens as text again, white space made single and comments left out."""
    return "".join(f" {token.text}" if token.gap else token.text for token in tokens).strip()
