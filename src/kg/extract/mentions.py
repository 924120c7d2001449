"""Names in a parsed paragraph: which words name which kind of entity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from kg.extract import parser
from kg.extract.gazetteer import Entry, Gazetteer

TITLES = frozenset(
    "president premier chancellor king queen prince princess emperor empress sultan emir shah tsar pope "
    "minister secretary ambassador general admiral colonel marshal senator governor mayor chairman "
    "chairwoman chairperson speaker director commissioner mr mr. mrs mrs. ms ms. dr dr. prof. professor "
    "sir lord lady sheikh ayatollah gen. adm. col. lt. gov. sen. rep. commander chief ceo leader spokesman "
    "spokeswoman spokesperson representative envoy head prime foreign defence defense vice deputy former "
    "then crown co-founder founder scholar analyst expert historian economist journalist boss judge "
    "justice captain major brigadier".split()
)
HEADS = {
    "Agreement": (
        "treaty agreement pact accord convention protocol charter declaration memorandum compact armistice "
        "communique communiqué concordat entente capitulation"
    ),
    "Organisation": (
        "organisation organization union bank corporation company council forum association alliance group "
        "commission agency university institute party league community fund assembly parliament ministry "
        "navy army association federation committee authority court corps consortium holdings industries "
        "airlines airways limited ltd inc plc bureau centre center academy society chamber network "
        "initiative secretariat department senate congress house bloc cartel club foundation enterprise "
        "energy petroleum motors steel electric telecom systems shipyard shipyards conference cooperation "
        "partnership guard force forces command treaty-organisation railway railways tribunal institution "
        "mission fleet programme front brigade movement cooperative exchange"
    ),
    "Polity": (
        "empire kingdom republic sultanate emirate emirates caliphate dynasty khanate principality duchy "
        "commonwealth confederation protectorate mandate reich"
    ),
    "Place": (
        "river sea island islands isles peninsula province region strait straits gulf mountains mountain "
        "oblast valley desert lake bay city port district territory territories ocean coast state county "
        "prefecture strip enclave exclave corridor plateau canal harbour harbor channel basin delta "
        "governorate krai reef reefs shoal atoll archipelago heights hills steppe canyon pass hall palace "
        "airport base area zone indies oilfield field border triangle range village town hotel castle"
    ),
    "Conflict": (
        "war wars conflict uprising rebellion revolution crisis insurgency campaign intervention invasion "
        "battle offensive mutiny"
    ),
    "Meeting": "summit meeting conference-meeting session talks",
    "Exercise": "exercise exercises drill drills manoeuvres maneuvers",
    "Policy": "strategy policy plan doctrine act law reform vision bill decree directive roadmap agenda",
}
TYPE_OF_HEAD = {word: kind for kind, words in HEADS.items() for word in words.split()}
ENTITY_TYPES = {
    "PERSON": "Person",
    "ORG": "Organisation",
    "GPE": "Place",
    "LOC": "Place",
    "FAC": "Place",
    "NORP": "Group",
    "PRODUCT": "Product",
    "EVENT": "Event",
    "LAW": "Agreement",
    "WORK_OF_ART": "Work",
}
_JOINERS = frozenset({"of", "for"})
_OBJECTS = frozenset(
    "friendship cooperation co-operation peace mutual assistance alliance commerce navigation amity "
    "good-neighbourliness neutrality security support partnership aid good".split()
)
"""What treaties are of: "Treaty of Peace, Friendship and Cooperation"."""
_ENDINGS = frozenset({"'s", "’s", "'", "’", "on", "in", "at", "of", "the", "and", "by", "to"})
_REGIONAL = frozenset(
    "european african asian arab western eastern latin nordic baltic muslim islamic christian jewish "
    "catholic orthodox kurdish african-american protestant communist socialist republican democratic "
    "hispanic slavic".split()
)
"""Adjectives of parts of the world, faiths and parties: no state has them for its own."""
_WATERS = frozenset({"gulf", "bay", "sea", "strait", "straits", "isle", "cape", "horn"})
"""What places are named after their neighbours: "Gulf of A"."""
_WHERE = frozenset("in at near to from outside around into via through of toward towards for".split())
_OFFICES = frozenset(
    {"heads", "ministries", "ministers", "governments", "presidents", "leaders", "parties", "states", "sides"}
)
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday".split()
)


@dataclass(frozen=True)
class Mention:
    """Words that name an entity; start and end are tokens of the paragraph, end exclusive."""

    name: str
    type: str
    start: int
    end: int
    head: int
    form: str = "name"
    """`name`, `adjective`, or `capital` standing for its state."""
    iri: str = ""
    sure: bool = True
    """Whether more than the statistical name tagger supports the type."""
    known: bool = False
    """Whether a list knows the name."""


class Mentions:
    """The names of a paragraph, by each of their tokens.

    A sentence is read when somebody asks for a name in it: the tagger costs as much as the parser, and
    most sentences hold nothing that a rule would ask about.
    """

    def __init__(self, doc: Doc, gazetteer: Gazetteer) -> None:
        self._at: dict[int, Mention] = {}
        self._gazetteer = gazetteer
        self._doc = doc
        self._unread = {sentence.start: sentence for sentence in doc.sents}

    def at(self, token: Token) -> Mention | None:
        """Return the name that the token is part of."""
        if self._unread and token.i not in self._at and self._may_name(token.i):
            self._read(token.sent.start)
        return self._at.get(token.i)

    def _may_name(self, index: int) -> bool:
        """Say whether a word or one beside it is written as names are."""
        return any(word.text[0].isupper() for word in self._doc[max(0, index - 1) : index + 2])

    def before(self, token: Token) -> Iterator[Mention]:
        """Yield the names before a token, in text order, each once."""
        for start in [start for start in self._unread if start <= token.i]:
            self._read(start)
        last = None
        for _, mention in sorted(self._at.items()):
            if mention is not last and mention.end <= token.i:
                yield mention
            last = mention

    def _read(self, start: int) -> None:
        sentence = self._unread.pop(start, None)
        if sentence is None:
            return
        for mention in self._titled(sentence):
            self._put(mention)
        for mention in self._known(sentence):
            self._put(mention)
        for first, last, label in parser.entities(sentence):
            for mention in self._tagged(self._doc[first:last], label):
                self._put(mention)
        for mention in self._capitalised(sentence):
            self._put(mention)

    def _put(self, mention: Mention) -> None:
        if mention.name.split()[0].lower() in _OFFICES:
            return
        mention = self._geographic(mention)
        if not any(token in self._at for token in range(mention.start, mention.end)):
            self._at.update(dict.fromkeys(range(mention.start, mention.end), mention))

    def _geographic(self, mention: Mention) -> Mention:
        """Take in the common noun that says what place a name is of: "the Galwan valley"."""
        if (
            mention.end >= len(self._doc)
            or mention.type not in {"Place", "Entity", "Organisation"}
            or mention.iri
        ):
            return mention
        after = self._doc[mention.end]
        if (
            TYPE_OF_HEAD.get(after.lower_) != "Place"
            or after.text[0].isupper()
            or self._doc[mention.head].head != after
        ):
            return mention
        return Mention(f"{mention.name} {after.text}", "Place", mention.start, after.i + 1, after.i)

    def _titled(self, sentence: Span) -> Iterator[Mention]:
        """Yield treaties by their titles, before any part of one is read as a place or a state."""
        for token in sentence:
            kind = "Organisation" if token.lower_ == "commonwealth" else TYPE_OF_HEAD.get(token.lower_)
            water = token.lower_ in _WATERS
            titled = token.text[0].isupper() and (kind in {"Agreement", "Organisation"} or water)
            follows = token.i + 2 < sentence.end and self._doc[token.i + 1].lower_ in {"of", "on"}
            if titled and follows and _capital(self._doc[token.i + 2]):
                start, end = _run(self._doc, token.i, token.i + (3 if water else 1))
                yield _named(self._doc[start:end], str(kind))

    def _known(self, sentence: Span) -> Iterator[Mention]:
        words = [token.text for token in sentence]
        for start, end, entry in self._gazetteer.matches(words):
            span = sentence[start:end]
            start, end = span.start, span.end
            if entry.form == "adjective" and span.root.pos_ not in {"ADJ", "PROPN", "NOUN"}:
                continue
            larger = self._larger(span, entry)
            if larger is not None:
                yield larger
            else:
                yield self._state_or_town(span, entry)
                yield from self._other_half(span, entry)

    def _other_half(self, span: Span, entry: Entry) -> Iterator[Mention]:
        """Yield the second half of an adjective such as "Anglo-X" where no list knows it."""
        index = span.end + 1
        if entry.form != "adjective" or index >= len(self._doc) or self._doc[span.end].text not in {"-", "–"}:
            return
        second = self._doc[index]
        if second.text[0].isupper() and second.pos_ == "ADJ" and self._gazetteer.get(second.text) is None:
            yield Mention(second.text, "People", index, index + 1, index, "adjective", sure=False)

    def _state_or_town(self, span: Span, entry: Entry) -> Mention:
        """Read a capital as its state where it acts, as the town where something happens in it."""
        root = span.root
        inside = root.dep_ == "pobj" and root.head.lower_ in _WHERE
        if entry.form == "capital" and (inside or root.dep_ in {"compound", "nmod", "npadvmod", "amod"}):
            return Mention(span.text, "Place", span.start, span.end, root.i, known=True)
        return Mention(
            entry.name, entry.type, span.start, span.end, root.i, entry.form, entry.iri, known=True
        )

    def _larger(self, span: Span, entry: Entry) -> Mention | None:
        """Return the longer proper name that a state's name is only a part of, such as a bank's."""
        if entry.iri and entry.form == "name" and len(span) > 1:
            return None
        start, end = _run(self._doc, span.start, span.end)
        hyphen = span.start > 1 and self._doc[span.start - 1].text in {"-", "–"}
        start = max(start, span.start) if entry.form != "name" and not hyphen else start
        if (start, end) == (span.start, span.end):
            return None
        last = self._doc[end - 1]
        words = self._doc[start:end]
        if entry.form == "adjective" and all(w.is_punct or self._gazetteer.get(w.text) for w in words):
            return None
        kind = TYPE_OF_HEAD.get(_head_word(words))
        if kind is None and entry.form == "adjective":
            part = span.root.pos_ == "PROPN" and span.root.head in words and span.root.head.pos_ == "PROPN"
            kind = self._tagged_as(words) or ("Entity" if part else None)
        if kind is None or last.lower_ in TITLES or kind in {"Meeting"}:
            return None
        if any(token.lower_ in TITLES for token in words):
            return None
        return _named(words, kind, entry_known=False)

    def _tagged_as(self, words: Span) -> str | None:
        """Return what the tagger takes the words for, if for one organisation or place."""
        for first, last, label in parser.entities(words.sent):
            if first <= words.start and last >= words.end and label in {"ORG", "GPE", "LOC"}:
                return ENTITY_TYPES[label]
        return None

    def _tagged(self, span: Span, label: str) -> Iterator[Mention]:
        kind = ENTITY_TYPES.get(label)
        if kind is None:
            return
        start, end = _trim(self._doc, span.start, span.end)
        while start < end and (self._doc[start].lower_ in TITLES or start in self._at):
            start += 1
        if start >= end:
            return
        span = self._doc[start:end]
        by_head = TYPE_OF_HEAD.get(_head_word(span))
        if kind == "Person" and (len(span) > 5 or any(token.is_digit for token in span)):
            return
        before = [token.lower_ for token in self._doc[max(0, start - 2) : start] if not token.is_space]
        if kind == "Person" and before[-1:] == ["in"]:
            kind = "Place"
        known = by_head is not None and (kind != "Person" or by_head not in {"Place", "Meeting"})
        final = by_head if known and by_head is not None else kind
        if kind == "Place" and by_head == "Organisation" and span.root.lower_ in {"union", "federation"}:
            final = "Polity"
        if kind == "Group":
            if len(span) == 1 and span.root.tag_ == "NNP" and span.root.dep_ in {"nsubj", "dobj", "pobj"}:
                yield Mention(span.text, "Entity", start, end, span.root.i, sure=False)
            elif len(span) == 1 and span.root.pos_ in {"ADJ", "PROPN"} and span.root.lower_ not in _REGIONAL:
                yield Mention(span.text, "People", start, end, span.root.i, "adjective", sure=False)
            return
        yield Mention(_text(span), final, start, end, span.root.i, sure=by_head == final)

    def _capitalised(self, sentence: Span) -> Iterator[Mention]:
        """Yield what no list and no tagger knew: runs of proper nouns."""
        index = sentence.start
        while index < sentence.end:
            token = self._doc[index]
            acronym = len(token) > 2 and token.text.isupper() and token.is_alpha and token.pos_ == "NOUN"
            plain = not acronym and (token.pos_ != "PROPN" or not token.text[0].isupper())
            if plain or token.i in self._at or token.lower_ in _CALENDAR:
                index += 1
                continue
            start, end = _run(self._doc, index, index + 1)
            while start < end and (self._doc[start].lower_ in TITLES or start in self._at):
                start += 1
            while end > start and (self._doc[end - 1].i in self._at):
                end -= 1
            if start < end and self._doc[end - 1].lower_ not in TITLES:
                yield _named(
                    self._doc[start:end], TYPE_OF_HEAD.get(_head_word(self._doc[start:end]), "Entity")
                )
            index = max(end, index + 1)


def _named(span: Span, kind: str, *, entry_known: bool = False) -> Mention:
    start, end = _trim(span.doc, span.start, span.end)
    span = span.doc[start:end]
    return Mention(_text(span), kind, start, end, span.root.i, sure=entry_known or kind != "Entity")


def _head_word(span: Span) -> str:
    """Return the word that says what the name is of: the last before an "of"."""
    words = [token.lower_ for token in span]
    for index, word in enumerate(words):
        if index and word in {"of", "for", "on"}:
            return words[index - 1]
    return words[-1]


def _text(span: Span) -> str:
    return " ".join(span.text.split())


def _trim(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Drop articles, quotation marks and possessive endings from both sides."""
    while start < end and (doc[start].lower_ in {"the", "a", "an", "its", "their"} or doc[start].is_punct):
        start += 1
    while start < end and (doc[end - 1].lower_ in _ENDINGS or doc[end - 1].is_punct):
        end -= 1
    return start, end


def _capital(token: Token) -> bool:
    plain = token.is_sent_start or token.lower_ in _CALENDAR
    return token.text[0].isupper() and token.pos_ in {"PROPN", "NOUN", "ADJ", "NUM"} and not plain


def _run(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Widen to the whole run of capitalised words of one sentence, across "of" and "for"."""
    while start > 0 and not doc[start].is_sent_start:
        if _joined(doc, start - 1):
            start -= 1
        elif start > 1 and doc[start - 1].text in {"-", "–"} and _joined(doc, start - 2):
            start -= 2
        else:
            break
    while end < len(doc) and not doc[end].is_sent_start:
        step = _step(doc, start, end)
        if not step:
            break
        end += step
    return start, end


def _step(doc: Doc, start: int, end: int) -> int:
    """Return how many words further a name goes at `end`: a capitalised one, or a joint and what follows."""
    token, after = doc[end], doc[end + 1] if end + 1 < len(doc) else None
    if _capital(token):
        return 0 if doc[end - 1].text.endswith(("'s", "’s")) else 1
    if after is None:
        return 0
    if token.lower_ in {",", "and"} and after.lower_ in _OBJECTS:
        return 2
    if not _capital(after):
        return 0
    if token.text in {"-", "–"}:
        return 0 if token.whitespace_ else 2
    if token.lower_ in _JOINERS:
        return 0 if TYPE_OF_HEAD.get(doc[end - 1].lower_) in {None, "Place"} else 2
    return 2 if token.lower_ in {"on", "and"} and _titles(doc, start, end, token) else 0


def _titles(doc: Doc, start: int, end: int, joint: Token) -> bool:
    """Say whether a treaty's title goes on across "on", or across an "and" after one."""
    words = [word.lower_ for word in doc[start:end]]
    treaty = any(TYPE_OF_HEAD.get(word) == "Agreement" for word in words)
    return treaty and (joint.lower_ == "on" or "on" in words)


def _joined(doc: Doc, index: int) -> bool:
    token = doc[index]
    return token.text[0].isupper() and token.pos_ in {"PROPN", "ADJ"} and token.lower_ not in {"the", "a"}
