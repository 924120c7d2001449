"""How good an extractor is: precision, recall and F1 by kind, and what its confidence is worth."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from kg.extract.candidate import KINDS, Candidate
from kg.extract.document import Document
from kg.extract.matching import Fact, Matcher, pairs

Extractor = Callable[[Document], Sequence[Candidate]]
PRIOR = 0.8
PRIOR_FACTS = 8
SURE = 0.93
UNSURE = 0.89
ONE_SIDED = 1.644854
"""A rule gets more than UNSURE only if its share is above SURE at 95 % confidence, one wrong fact imagined:
rules do better on the cases they were made with than elsewhere."""
BINS = (0.5, 0.75, 0.8, 0.85, 0.9, 0.95, 1.01)


@dataclass(frozen=True)
class Case:
    """A text and the facts that should be found in it, all of them."""

    id: str
    document: Document
    facts: tuple[Fact, ...]


@dataclass
class Score:
    """Counts of one kind of fact."""

    found: int = 0
    expected: int = 0
    right: int = 0
    """Of the facts found those that say (a part of) an expected one; two may say parts of the same."""
    relaxed: int = 0
    """Of the facts expected those that were found."""
    exact: int = 0
    """Of those the ones found with every role, and no more."""

    @property
    def precision(self) -> float:
        """Share of the facts found that are right; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the facts expected that were found; 1 where none was expected."""
        return self.relaxed / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, other: Score) -> None:
        """Count another score in."""
        self.found += other.found
        self.expected += other.expected
        self.right += other.right
        self.relaxed += other.relaxed
        self.exact += other.exact


@dataclass
class Report:
    """Scores by kind, the misses, the false facts, and the confidence of right and wrong ones."""

    scores: dict[str, Score] = field(default_factory=dict)
    missed: list[tuple[str, Fact]] = field(default_factory=list)
    false: list[tuple[str, Fact]] = field(default_factory=list)
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    rules: dict[str, list[int]] = field(default_factory=dict)
    """By rule: facts found, and right ones."""

    @property
    def total(self) -> Score:
        """The scores of all kinds together."""
        total = Score()
        for score in self.scores.values():
            total.add(score)
        return total

    def reliability(self) -> list[tuple[float, float, int, int]]:
        """Return rows of (from, below, facts, right ones) by confidence."""
        rows = []
        for low, high in pairwise(BINS):
            inside = [right for confidence, right in self.confidences if low <= confidence < high]
            rows.append((low, high, len(inside), sum(inside)))
        return rows

    def calibration(self) -> dict[str, float]:
        """Return, by rule, the share of right facts to expect: its own, drawn towards that of any rule.

        The draw is what `PRIOR_FACTS` further facts would exert of which the share PRIOR is right; and what
        is not surely right nine times in ten stays below that.
        """
        return {rule: _earned(found, right) for rule, (found, right) in sorted(self.rules.items())}

    def as_json(self) -> dict[str, object]:
        """Return everything as plain values."""
        return {
            "kinds": {kind: _row(score) for kind, score in sorted(self.scores.items())},
            "all": _row(self.total),
            "reliability": [
                {"from": low, "below": min(high, 1.0), "facts": facts, "right": right}
                for low, high, facts, right in self.reliability()
            ],
            "missed": [{"case": case, "fact": str(fact)} for case, fact in self.missed],
            "false": [{"case": case, "rule": fact.rule, "fact": str(fact)} for case, fact in self.false],
        }


def _earned(found: int, right: int) -> float:
    share = (right + PRIOR * PRIOR_FACTS) / (found + PRIOR_FACTS)
    sure = interval(right, found + 1, ONE_SIDED)[0] >= SURE
    return round(share if sure else min(share, UNSURE), 3)


def _row(score: Score) -> dict[str, object]:
    low, high = interval(score.right, score.found)
    below, above = interval(score.relaxed, score.expected)
    return {
        "found": score.found,
        "expected": score.expected,
        "right": score.right,
        "expected_found": score.relaxed,
        "exact": score.exact,
        "precision": round(score.precision, 3),
        "precision_interval": [round(low, 3), round(high, 3)],
        "recall": round(score.recall, 3),
        "recall_interval": [round(below, 3), round(above, 3)],
        "f1": round(score.f1, 3),
    }


def interval(hits: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the confidence interval of a share (Wilson 1927); all of it where nothing was tried.

    `z` is how many standard deviations wide it is to each side: as it stands, 95 %.
    """
    if not trials:
        return 0.0, 1.0
    share = hits / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def read_cases(folder: Path) -> list[Case]:
    """Read every case of the TOML files of a folder, in order of file and place."""
    cases = []
    for path in sorted(folder.glob("*.toml")):
        for table in tomllib.loads(path.read_text("utf-8")).get("case", []):
            facts = tuple(Fact.from_table(fact) for fact in table.get("fact", []))
            cases.append(Case(table["id"], Document(table["text"], table.get("date", "")), facts))
    return cases


def evaluate(cases: Iterable[Case], extract: Extractor, matcher: Matcher | None = None) -> Report:
    """Run an extractor over cases and score what it finds against what they expect."""
    matcher = matcher or Matcher()
    report = Report({kind: Score() for kind in KINDS})
    for case in cases:
        found = [Fact.of(c, case.document.text[c.start : c.end]) for c in extract(case.document)]
        score(report, matcher, case.id, found, case.facts)
    return report


def score(
    report: Report, matcher: Matcher, case: str, found: Sequence[Fact], expected: Sequence[Fact]
) -> None:
    """Count one document into a report."""
    matched = pairs(matcher, found, expected)
    right = {id(fact) for fact in found if any(matcher.relaxed(fact, other) for other in expected)}
    for fact in found:
        report.scores[fact.kind].found += 1
        report.scores[fact.kind].right += id(fact) in right
        report.confidences.append((fact.confidence, id(fact) in right))
        counts = report.rules.setdefault(fact.rule, [0, 0])
        counts[0] += 1
        counts[1] += id(fact) in right
        if id(fact) not in right:
            report.false.append((case, fact))
    for fact in expected:
        report.scores[fact.kind].expected += 1
    for mine, theirs in matched:
        report.scores[mine.kind].relaxed += 1
        report.scores[mine.kind].exact += matcher.exact(mine, theirs)
    hit = {id(fact) for _, fact in matched}
    report.missed += [(case, fact) for fact in expected if id(fact) not in hit]


def table(report: Report) -> str:
    """Return the scores as a Markdown table."""
    lines = [
        "| kind | expected | found | right | exact | precision (95 %) | recall (95 %) | F1 |",
        "|---|--:|--:|--:|--:|---|---|--:|",
    ]
    for kind, row in [*sorted(report.scores.items()), ("**all**", report.total)]:
        p, r = interval(row.right, row.found), interval(row.relaxed, row.expected)
        lines.append(
            f"| {kind} | {row.expected} | {row.found} | {row.right} | {row.exact} "
            f"| {row.precision:.2f} ({p[0]:.2f}–{p[1]:.2f}) "
            f"| {row.recall:.2f} ({r[0]:.2f}–{r[1]:.2f}) | {row.f1:.2f} |"
        )
    return "\n".join(lines)


def reliability_table(report: Report) -> str:
    """Return how often facts of each level of confidence are right, as a Markdown table."""
    lines = ["| confidence | facts | right | share |", "|---|--:|--:|--:|"]
    for low, high, facts, right in report.reliability():
        share = f"{right / facts:.2f}" if facts else "–"
        lines.append(f"| {low:.2f} – {min(high, 1.0):.2f} | {facts} | {right} | {share} |")
    return "\n".join(lines)
