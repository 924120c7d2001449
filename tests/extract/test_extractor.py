"""What sentences state, and what they do not."""

from __future__ import annotations

import pytest

from kg.extract.candidate import Candidate, Name
from kg.extract.document import Document
from kg.extract.extractor import extract
from kg.extract.harvest import Harvester
from kg.project import Project


def facts(text: str, date: str = "") -> list[str]:
    """What is found, as one line a fact."""
    return [line(candidate) for candidate in extract(Document(text, date))]


def line(candidate: Candidate) -> str:
    roles = "; ".join(f"{r}={v.text if isinstance(v, Name) else v.value}" for r, v in candidate.roles)
    stance = "" if candidate.stance == "States" else f" [{candidate.stance}]"
    return f"{candidate.kind}: {roles}{stance}"


STATED = {
    "Kenya and Uganda signed a customs treaty in Nairobi on 3 May 2019.": [
        "agreement: name=customs treaty; party=Kenya; party=Uganda; date=2019-05-03; place=Nairobi"
    ],
    "A customs treaty was signed by Kenya and Uganda in 2019.": [
        "agreement: name=customs treaty; party=Kenya; party=Uganda; date=2019"
    ],
    "Chile, Peru, Colombia and Mexico founded the Pacific Alliance in 2011.": [
        "founding: organisation=Pacific Alliance; founder=Chile; founder=Peru; founder=Colombia; "
        "founder=Mexico; date=2011"
    ],
    "Sweden joined the European Union on 1 January 1995.": [
        "membership: member=Sweden; organisation=European Union; start=1995-01-01"
    ],
    "Bilateral trade between Brazil and Argentina reached more than $28 billion in 2019.": [
        "trade: indicator=trade volume; party=Brazil; party=Argentina; value=28000000000; unit=USD; "
        "wording=more than; date=2019"
    ],
    "Poland's economy grew by 1.6 percent in 2013.": [
        "figure: indicator=growth; of=Poland's economy; value=1.6; unit=percent; date=2013"
    ],
    "Angela Merkel met Emmanuel Macron in Berlin in May 2017.": [
        "meeting: party=Angela Merkel; party=Emmanuel Macron; date=2017-05; place=Berlin"
    ],
    "France sold 36 Rafale fighter jets to India in 2016.": [
        "arms: from=France; to=India; item=Rafale fighter jets; quantity=36; date=2016"
    ],
    "Argentina and Chile share a border of 5,308 kilometres.": [
        "border: party=Argentina; party=Chile; value=5308; unit=kilometre"
    ],
    "The European Union placed an arms embargo on Sudan in 1994.": [
        "sanction: actor=European Union; target=Sudan; name=arms embargo; date=1994"
    ],
    "Iraq invaded Kuwait in August 1990.": ["conflict: party=Iraq; party=Kuwait; date=1990-08"],
    "The president of Kenya, Uhuru Kenyatta, resigned.": [
        "role: person=Uhuru Kenyatta; role=president; organisation=Kenya"
    ],
}


@pytest.mark.parametrize(("text", "expected"), STATED.items())
def test_what_a_sentence_states(text: str, expected: list[str]) -> None:
    assert facts(text) == expected


SILENT = [
    "Kenya and Uganda did not sign the treaty in 2019.",
    "Kenya and Uganda will sign a customs treaty in May.",
    "If Kenya and Uganda signed a customs treaty, trade would grow.",
    "Had Kenya and Uganda signed the treaty, trade would have grown.",
    "Kenya hopes to sign a treaty with Uganda in 2020.",
    "Kenya and Uganda are close to signing a customs treaty.",
    "Did Kenya and Uganda sign a customs treaty in 2019?",
    "Kenya denied that it had signed a treaty with Uganda in 2019.",
    "Finland applied to join NATO in May 2022.",
    "Albania hopes to become a member of the European Union.",
    "Berlin refused to sell tanks to Saudi Arabia in 2018.",
    "In the film, Japan annexes California.",
    "Nobody believes that trade between Ghana and Italy reached $5 billion in 2019.",
    "The coach demanded 110 percent from his players in Lisbon.",
]


@pytest.mark.parametrize("text", SILENT)
def test_what_did_not_happen_is_not_claimed(text: str) -> None:
    assert facts(text) == []


def test_what_is_attributed_has_its_stance_and_source() -> None:
    text = "Tanzania and Rwanda have signed an accord, the African Development Bank said."
    (found,) = extract(Document(text))
    assert found.stance == "Reports"
    assert found.according_to is not None
    assert found.according_to.text == "African Development Bank"


def test_a_forecast_predicts() -> None:
    text = "The OECD forecasts that Colombia's economy will expand by 3.4 percent in 2020."
    assert facts(text) == [
        "figure: indicator=growth; of=Colombia's economy; value=3.4; unit=percent; date=2020 [Predicts]"
    ]


def test_the_two_countries_are_those_of_the_sentence_before() -> None:
    text = "Japan and Mongolia are partners. In 2015 the two countries signed a trade agreement."
    assert facts(text) == ["agreement: name=trade agreement; party=Japan; party=Mongolia; date=2015"]


def test_two_countries_of_three_are_not_guessed() -> None:
    text = "Japan, India and Mongolia are partners. In 2015 the two countries signed a trade agreement."
    assert facts(text) == []


def test_spans_are_code_points_of_the_document() -> None:
    sentence = "Kenya and Uganda signed a customs treaty in 2019."
    text = f"\U0001f30d\u202eText\u202c with marks.\n\n{sentence}\n"
    (found,) = extract(Document(text))
    assert text[found.start : found.end] == sentence
    names = [value for _, value in found.roles if isinstance(value, Name)]
    assert [text[name.start : name.end] for name in names] == ["Kenya", "Uganda"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "a",
        "Year\tExports\tImports\n2001\t5\t6\n2002\t7\t8\n",
        "| Kenya | Uganda | 2019 |\n| signed | treaty | 5 |",
        "- Kenya\n- Uganda\n- signed\n",
        "kenya uganda signed treaty nairobi " * 400,
        "\U0001f600" * 500,
    ],
)
def test_odd_input_is_silence(text: str) -> None:
    assert facts(text) == []


def test_another_language_is_refused(canal: Project, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "vertrag.txt"
    words = "Der Vertrag zwischen den beiden Staaten wurde im Mai in Berlin unterzeichnet und trat in Kraft. "
    path.write_text(words * 5, "utf-8")
    outcome = Harvester(canal).read_file(path)
    assert (outcome.facts, outcome.skipped) == (0, "its language is “de”, and the rules read English")
