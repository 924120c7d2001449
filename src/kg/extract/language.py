"""Which language a text is in: the rules read English, and must not make garbage of anything else."""

from __future__ import annotations

import re

from py3langid.langid import classify  # type: ignore[import-untyped]

ENOUGH = 40
"""Letters below which a text is too short to tell; it is then taken for English."""
SAMPLE = 4_000
"""Code points that are looked at, from the beginning and from the middle."""
COMMON = frozenset("the of and to is were with by that from its has had have be are this which not".split())
"""Words that no other language has as common ones."""
SHARE = 0.1
"""Share of the words that are among COMMON in any English prose; names of places fool the classifier."""


def language(text: str) -> str:
    """Return the ISO 639-1 code of the language a text is in; empty where it is too short to tell."""
    middle = len(text) // 2
    sample = text[:SAMPLE] + " " + text[middle : middle + SAMPLE] if len(text) > 2 * SAMPLE else text
    if sum(map(str.isalpha, sample)) < ENOUGH:
        return ""
    words = re.findall(r"\w+", sample.lower())
    if sum(word in COMMON for word in words) >= SHARE * len(words):
        return "en"
    code, _ = classify(sample)
    return str(code)
