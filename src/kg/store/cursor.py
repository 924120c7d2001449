"""The place in a long list where the next page begins becomes a short opaque text, and back."""

from __future__ import annotations

import base64
import binascii
import json
from typing import NamedTuple

from kg.errors import QueryError

MAX_LIMIT = 500
"""Items of one page at most."""


class Place(NamedTuple):
    """The sort key and the id of the last item of a page."""

    key: str | int | None
    id: int

    def encode(self) -> str:
        """As the value of `cursor=`."""
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str) -> Place:
        """The reverse of `encode`. Raises QueryError where it is none of ours."""
        try:
            padding = "=" * (-len(cursor) % 4)
            key, number = json.loads(base64.b64decode(cursor + padding, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError, TypeError):
            raise QueryError("The cursor is not one that this service has given out.") from None
        if not isinstance(number, int) or not isinstance(key, str | int | None):
            raise QueryError("The cursor is not one that this service has given out.")
        return cls(key, number)
