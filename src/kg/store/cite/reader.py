"""A place in a row of tokens, and the moves from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from kg.errors import QueryError
from kg.store.cite.tokens import Token

OPEN = frozenset({"(", "{", "[", "{|", "<<", "<<("})
CLOSE = frozenset({")", "}", "]", "|}", ">>", ")>>"})


class Reader:
    """What the parsers share: the tokens, how far they are read, and names for what has none."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0
        self.fresh = _unlike({token.text[1:] for token in tokens if token.kind == "var"})
        self._numbers = count()
        self._labels: dict[str, str] = {}

    @property
    def next(self) -> Token:
        """The token ahead."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """The token ahead, and go past it. Raises QueryError at the end."""
        token = self.tokens[self.at]
        if token.kind == "end":
            raise QueryError("The query is beyond what can be cited: its end comes before that of a pattern.")
        self.at += 1
        return token

    def skip(self, *words: str) -> str:
        """Go past the token ahead if it is one of these; empty if it is not."""
        word = self.next.word
        if word not in words:
            return ""
        self.at += 1
        return word

    def expect(self, word: str) -> None:
        """Go past a token that must be there. Raises QueryError."""
        if not self.skip(word):
            raise QueryError(f"The query cannot be cited: {word} is missing before “{self.next.text}”.")

    def balanced(self) -> tuple[Token, ...]:
        """Go past a bracket and all up to its end."""
        start, depth = self.at, 0
        while True:
            word = self.take().word
            depth += (word in OPEN) - (word in CLOSE)
            if depth <= 0:
                return self.tokens[start : self.at]

    def variable(self) -> str:
        """A variable that no query has written."""
        return f"{self.fresh}{next(self._numbers)}"

    def blank(self, label: str) -> str:
        """The variable that stands for a blank node's label."""
        return self._labels.setdefault(label, self.variable())


def _unlike(names: set[str]) -> str:
    """What none of these names begins with, as the beginning of a variable."""
    beginnings = (f"_c{'_' * length}" for length in count())
    return "?" + next(each for each in beginnings if not any(name.startswith(each) for name in names))


def top_level(tokens: tuple[Token, ...]) -> Iterator[tuple[int, Token]]:
    """The tokens outside all brackets, with their places."""
    return _outside(tokens, OPEN, CLOSE)


def shallow(tokens: tuple[Token, ...]) -> Iterator[tuple[int, Token]]:
    """The tokens of an expression that are outside the patterns in it, with their places."""
    return _outside(tokens, frozenset("{"), frozenset("}"))


def _outside(
    tokens: tuple[Token, ...], opening: frozenset[str], closing: frozenset[str]
) -> Iterator[tuple[int, Token]]:
    depth = 0
    for place, token in enumerate(tokens):
        depth -= token.word in closing
        if depth == 0 and token.word not in closing:
            yield place, token
        depth += token.word in opening
