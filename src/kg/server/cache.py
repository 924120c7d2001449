"""Answers that were whole are kept for those who ask again, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

OVERHEAD = 1_000
"""Bytes that an answer costs besides its body, roughly."""


class Facts(NamedTuple):
    """What is known of an answer before its body."""

    media_type: bytes
    gzip: bool
    build: str
    """Id of the build that it is from."""


class StoredAnswer(NamedTuple):
    """One whole answer."""

    facts: Facts
    body: bytes
    rows: int | None
    head: bytes
    """The headers of a response to GET, as they are sent, but for its length."""


class AnswerCache:
    """The answers asked for last."""

    def __init__(self, max_bytes: int, max_entry: int) -> None:
        self.max_bytes = max_bytes
        self.max_entry = min(max_entry, max_bytes)
        self.size = 0
        """Bytes in use."""
        self._answers: OrderedDict[str, StoredAnswer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: str) -> StoredAnswer | None:
        """The answer under a key, if it is kept."""
        answer = self._answers.get(key)
        if answer:
            self._answers.move_to_end(key)
        return answer

    def put(self, key: str, answer: StoredAnswer) -> None:
        """Keep an answer, unless it is too big; those not asked for longest make room."""
        cost = len(answer.body) + OVERHEAD
        if cost > self.max_entry:
            return
        self._drop(key)
        self._answers[key] = answer
        self.size += cost
        while self.size > self.max_bytes:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self.size = 0

    def _drop(self, key: str) -> None:
        answer = self._answers.pop(key, None)
        if answer:
            self.size -= len(answer.body) + OVERHEAD
