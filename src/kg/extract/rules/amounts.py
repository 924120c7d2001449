"""What a noun is said to amount to, and when: "exports rose by 5 percent to $3 billion in 2011"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Span, Token

from kg.extract.quantities import MONEY, NUMBERS, VOLUMES, Quantity
from kg.extract.reading import Reading
from kg.extract.syntax import conjuncts, is_verb, lemma, surface_subject
from kg.extract.times import Time

REACHING = frozenset(
    "reach total hit exceed surpass equal top cross pass attain be average near approach amount stand "
    "constitute make number".split()
)
MOVING = frozenset(
    "rise grow increase climb jump surge soar expand rocket balloon fall drop decline shrink plunge slump "
    "decrease contract dip double triple quadruple recover go swell slide sink tumble come amount stand "
    "peak run slip rebound put estimate value mushroom leap plummet shoot widen narrow edge".split()
)
_WORTH = frozenset("worth totalling totaling valued reaching amounting exceeding topping".split())
_WORDING = re.compile(
    r"(?:\b(?:more than|over|around|about|nearly|almost|approximately|roughly|some|at least|less than|"
    r"under|up to|an estimated|estimated|close to|just|well|as much as|only|a record|record|an all-time high "
    r"of|a record high of|a peak of|the equivalent of|a total of|a mere|a new high of|a high of|merely|"
    r"almost|slightly|still|then|now|(?:a|an|the|its) (?:\w+ )?"
    r"(?:value|total|level|peak|record|high|volume|figure|sum|amount) of|an? \w+|a)\s*)+$"
)
_COMPARED = re.compile(r"\b(?:than|compared|against|up|down)(?: (?:in|with|to|on|from|over))?\s$")
"""What stands before the time that another is compared with."""
_SHIFT = re.compile(
    r"\W*(?:in )?(?P<number>a|the|\w+) years? (?P<way>earlier|before|previously|ago|later|after(?:wards)?)\b"
)


def reached(head: Token, reading: Reading, others: frozenset[str]) -> Iterator[tuple[Quantity, Span, Token]]:
    """Yield each amount of money or goods that a noun is said to reach, with the predicate that says so.

    `others` are lemmas of nouns that would claim an amount which they stand nearer to.
    """
    for quantity, span in reading.quantities:
        if quantity.unit not in MONEY | VOLUMES or span.root.sent != head.sent:
            continue
        between = reading.doc[head.i + 1 : max(head.i + 1, span.start)]
        if any(lemma(w) in others and w.dep_ in {"nsubj", "conj", "nsubjpass"} for w in between):
            continue
        lead = leading(quantity, head.sent)
        predicate = _by_tree(head, span.root, lead) or _by_order(head, span, lead)
        if predicate is not None:
            yield quantity, span, predicate


def leading(quantity: Quantity, sentence: Span) -> str:
    """Return the word before an amount, its wording apart."""
    before = sentence.doc.text[sentence.start_char : quantity.start].lower().rstrip()
    words = _WORDING.sub("", before + " ").split()
    return words[-1] if words else ""


def _by_tree(head: Token, root: Token, lead: str) -> Token | None:
    chain = [root, *root.ancestors]
    for step, token in enumerate(chain):
        if token == head:
            return head if _worth(chain[1:step], root, lead) else None
        if is_verb(token) and lemma(token) in REACHING | MOVING:
            return token if _is_subject(head, token) and _attained(lead, token) else None
        if is_verb(token):
            return None
    return None


def _by_order(head: Token, span: Span, lead: str) -> Token | None:
    """Read noun, verb and amount in a row, where the parser went astray."""
    if head.i > span.start:
        return None
    words = list(head.doc[head.i + 1 : span.start])
    verbs = [w for w in words if is_verb(w) and not w.dep_.startswith("aux")]
    if len(verbs) != 1 or lemma(verbs[0]) not in REACHING | MOVING or not _attained(lead, verbs[0]):
        return None
    apart = any(w.text in {";", ":", "("} or w.dep_ in {"mark"} for w in words)
    nouns = [w for w in words if w.i < verbs[0].i and w.dep_ in {"nsubj", "nsubjpass"}]
    return None if apart or nouns else verbs[0]


def _is_subject(head: Token, verb: Token) -> bool:
    found = surface_subject(verb)
    return found is not None and (found == head or head in list(conjuncts(found)))


def _worth(between: list[Token], root: Token, lead: str) -> bool:
    near = lead in {"of", "at"} and root.head.lower_ == lead and not between[1:]
    return near or lead in _WORTH or bool({token.lower_ for token in between} & _WORTH)


def _attained(lead: str, verb: Token) -> bool:
    """Say whether the amount is what is reached: the object, or after "to", "at" or "from", but not "by"."""
    return lead in {"to", "at", "from", "worth"} or (lemma(verb) in REACHING and lead == verb.lower_)


def amount_time(quantity: Quantity, span: Span, predicate: Token, reading: Reading) -> Time | None:
    """Return the time of an amount: the date after it, before the next amount; else that of its predicate."""
    sentence = span.root.sent
    mine = [
        (time, when)
        for time, when in reading.times
        if when.root.sent == sentence and not _COMPARED.search(reading.doc.text[: time.start])
    ]
    limit = _next_amount(quantity, sentence, reading)
    after = reading.doc.text[quantity.end : sentence.end_char]
    shift = _SHIFT.match(after)
    if shift is not None:
        return _shifted([time for time, _ in mine], _years(shift))
    for time, when in mine:
        if quantity.end <= time.start < limit and (
            _follows(quantity, time, reading) or _in_reach(when.root, span.root, predicate)
        ):
            return time if time.edtf else None
    ends = _ends(quantity, sentence, [time for time, _ in mine])
    if ends is not None:
        return ends
    before = [
        time
        for time, when in mine
        if time.end <= quantity.start and _in_reach(when.root, span.root, predicate)
    ]
    others = [
        q
        for q, s in reading.quantities
        if q != quantity and q.unit == quantity.unit and s.root.sent == sentence
    ]
    if (others and len(mine) > 1) or (leading(quantity, sentence) == "from" and others):
        return None
    found = before[-1] if before else reading.time_of(predicate)
    if found is not None and found not in [time for time, _ in mine]:
        found = None
    if found is None or not found.edtf:
        return None
    lasting = "since then" in after
    return replace(found, since=True) if lasting and "/" not in found.edtf else found


def _next_amount(quantity: Quantity, sentence: Span, reading: Reading) -> int:
    later = [
        q.start
        for q, s in reading.quantities
        if q.start > quantity.end and s.root.sent == sentence and q.unit
    ]
    return min(later, default=sentence.end_char)


def _years(match: re.Match[str]) -> int:
    """Return how many years "two years later" goes on, negative for back; 0 where it does not say."""
    number = 1 if match["number"] == "the" else NUMBERS.get(match["number"], 0)
    return int(number) * (1 if match["way"].startswith(("later", "after")) else -1)


def _shifted(times: list[Time], years: int) -> Time | None:
    """Return the year before or after the one year that a sentence names."""
    named = {time.edtf[:4] for time in times if time.edtf[:4].isdigit() and "/" not in time.edtf}
    if len(named) != 1 or not years:
        return None
    return replace(times[0], edtf=str(int(named.pop()) + years), since=False, until=False)


def _ends(quantity: Quantity, sentence: Span, times: list[Time]) -> Time | None:
    """Give "from X to Y between 2000 and 2010" each its end of the period."""
    periods = [time for time in times if re.fullmatch(r"\d{4}/\d{4}", time.edtf)]
    text = sentence.doc.text[sentence.start_char : sentence.end_char].lower()
    lead = leading(quantity, sentence)
    if len(periods) != 1 or lead not in {"from", "to"} or not re.search(r"\bfrom\b.*\d.*\bto\b", text):
        return None
    first, last = periods[0].edtf.split("/")
    return replace(periods[0], edtf=first if lead == "from" else last)


def _follows(quantity: Quantity, time: Time, reading: Reading) -> bool:
    """Say whether nothing but a preposition stands between an amount and a date."""
    between = reading.doc.text[quantity.end : time.start].strip().lower()
    return between in {"", "in", "by", "for", "during", "since", "(", "at the end of", "at the start of"}


def _in_reach(date: Token, amount: Token, predicate: Token) -> bool:
    """Say whether a date belongs to the clause of the amount, not to one beside it."""
    for token in date.ancestors:
        if token in (predicate, amount):
            return True
        if is_verb(token) and token != predicate:
            return token in list(predicate.ancestors) and date.i < predicate.i
    return False
