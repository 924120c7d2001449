"""What was measured of the extractor, as a file that the service reads."""

from __future__ import annotations

from kg.extract.candidate import KINDS
from kg.extract.precision import Precision, precision_of, read_table, write_table

TABLE = """\
# How many of the facts that were found in held-out texts were right, by kind of fact.
# Written by: kg evaluate cases --precision
[kinds]
border = { found = 0, right = 0 }
meeting = { found = 12, right = 8 }
"""


def test_written_and_read() -> None:
    assert write_table({"meeting": (12, 8), "border": (0, 0)}, "kg evaluate cases --precision") == TABLE
    assert read_table(TABLE) == {"meeting": Precision("meeting", 12, 8)}
    assert Precision("meeting", 12, 8).as_json() == {
        "kind": "meeting",
        "found": 12,
        "right": 8,
        "share": 0.667,
    }


def test_the_package_has_a_measure_of_the_kinds() -> None:
    measured = [found for kind in KINDS if (found := precision_of(f"{kind}.some-rule"))]
    assert len(measured) >= 10
    assert all(0 <= each.right <= each.found for each in measured)
    assert precision_of("model.meeting") is None
    assert precision_of("") is None
