"""What schemathesis must be told: how a body is written that is no JSON."""

from __future__ import annotations

import schemathesis


@schemathesis.serializer("application/sparql-query")
def plain(_: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
