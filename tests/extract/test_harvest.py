"""From sources to files of proposals, and through review into the graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import commands
from kg.corpus.corpus import Corpus
from kg.errors import InputError
from kg.extract.candidate import Name
from kg.extract.file import write
from kg.extract.harvest import Harvester, harvest
from kg.extract.linker import Ambiguous
from kg.extract.review import Desk, Standing
from kg.facts.ledger import Ledger
from kg.graph.build import Reading
from kg.project import Project


def proposals(project: Project) -> str:
    (outcome,) = harvest(Harvester(project), ["nile"], [])
    assert outcome.path == project.corpus / "nile.extracted.ttl"
    return outcome.path.read_text("utf-8")


def test_proposals_are_annotated_turtle_in_the_terms_of_the_ontology(nile: Project) -> None:
    text = proposals(nile)
    cited = (
        '{| kg:cites nile:x0-66 ; kg:method kg:Extracted ; kg:confidence 0.89 ; kg:rule "agreement.active" |}'
    )
    assert f'    kg:date "1959-11-08"^^edtf:EDTF {cited} ;' in text
    assert f"    kg:party :egypt {cited} ;" in text
    assert f"    kg:party :sudan {cited} ;" in text
    assert f"    kg:place :cairo {cited} ." in text
    assert ':sudan a kg:Polity ; rdfs:label "Sudan"@en .' in text


def test_an_entity_of_the_authority_is_linked_and_not_declared_again(nile: Project) -> None:
    text = proposals(nile)
    assert ":suez-canal-company kg:start" in text
    assert ":suez-canal-company a kg:Organisation" not in text
    assert ":egypt a kg:Polity" not in text


def test_two_runs_give_the_same_bytes(nile: Project) -> None:
    first = proposals(nile)
    (nile.corpus / "nile.extracted.ttl").unlink()
    assert proposals(nile) == first


def test_only_what_changed_is_read_again(nile: Project) -> None:
    assert [h.fresh for h in harvest(Harvester(nile), ["canal", "nile"], [])] == [True, True]
    assert [h.fresh for h in harvest(Harvester(nile), ["canal", "nile"], [])] == [False, False]
    entities = nile.corpus / "entities.ttl"
    entities.write_text(
        entities.read_text("utf-8") + ':sudan a kg:Polity ; rdfs:label "Sudan"@en .\n', "utf-8"
    )
    assert [h.fresh for h in harvest(Harvester(nile), ["nile"], [])] == [True]


def test_two_processes_give_what_one_gives(nile: Project) -> None:
    one = list(harvest(Harvester(nile), ["canal", "nile"], [], again=True))
    two = list(harvest(Harvester(nile), ["canal", "nile"], [], again=True, jobs=2))
    assert [(h.source, h.text) for h in one] == [(h.source, h.text) for h in two]


def test_proposals_are_no_part_of_the_graph(nile: Project) -> None:
    before = len(Ledger.read(Corpus.read(nile)).facts)
    proposals(nile)
    assert len(Ledger.read(Corpus.read(nile)).facts) == before


def test_what_is_accepted_becomes_curated_and_clean(nile: Project) -> None:
    proposals(nile)
    desk = Desk.open(nile)
    found = list(desk.proposals())
    assert [p.place for p in found] == ["x67-110", "x0-66"]
    assert desk.quote(found[1]) == "Egypt and Sudan signed a water treaty in Cairo on 8 November 1959."
    assert {desk.standing(found[1], statement) for statement in found[1].lines} == {Standing.NEW}
    desk.accept(found[1])
    reading = Reading.of(nile, None)
    assert [str(f) for f in reading.findings if f.severity == "error"] == []
    accepted = [
        f for f in reading.ledger.facts.values() if f.verdict == "Accepted" and "water-treaty" in f.subject
    ]
    assert {f.predicate.rpartition("#")[2] for f in accepted} == {"date>", "party>", "place>"}
    assert "water-treaty" not in (nile.corpus / "nile.extracted.ttl").read_text("utf-8")


def test_what_is_rejected_is_never_proposed_again(nile: Project) -> None:
    proposals(nile)
    desk = Desk.open(nile)
    for proposed in list(desk.proposals()):
        desk.reject(proposed)
    assert len((nile.corpus / "rejected.txt").read_text("utf-8").split()) == 5
    assert "kg:cites" not in proposals(nile)


def test_an_edited_proposal_must_be_readable(nile: Project) -> None:
    proposals(nile)
    desk = Desk.open(nile)
    found = list(desk.proposals())[1]
    assert not desk.replace(found, found.text.replace("1959-11-08", '1959" "'))
    assert desk.replace(found, found.text.replace("1959-11-08", "1959-11"))
    assert '"1959-11"^^edtf:EDTF' in (nile.corpus / "nile.extracted.ttl").read_text("utf-8")
    desk.accept(found)
    again = proposals(nile)
    assert "1959-11-08" not in again
    assert "kg:party :sudan" not in again


def test_a_contradiction_of_an_accepted_fact_is_shown(nile: Project) -> None:
    path = nile.corpus / "canal.ttl"
    stated = ':suez-canal-company kg:start "1857"^^edtf:EDTF {| kg:cites canal:p2 |} .\n'
    path.write_text(path.read_text("utf-8") + stated, "utf-8")
    proposals(nile)
    desk = Desk.open(nile)
    found = next(p for p in desk.proposals() if p.place == "x67-110")
    assert [desk.standing(found, statement) for statement in found.lines] == [Standing.CONTRADICTS]


def test_names_that_several_entities_bear_are_told_apart_by_time_or_not_at_all(nile: Project) -> None:
    entities = nile.corpus / "entities.ttl"
    more = (
        ':khedivate a kg:Polity ; rdfs:label "Khedivate of Egypt"@en ; skos:altLabel "Egypt"@en .\n'
        ":egypt kg:succeeds :khedivate .\n"
    )
    entities.write_text(entities.read_text("utf-8") + more, "utf-8")
    linker = Harvester(nile).linker
    name = Name("Egypt", "Polity")
    assert linker.link(name, "2011") == "https://canal.example/entity/egypt"
    assert linker.link(Name("Chile", "Polity")) == ""
    with pytest.raises(Ambiguous):
        linker.link(name, "1870")


def test_a_name_that_one_entity_bears_in_two_spellings_is_its_own(nile: Project) -> None:
    entities = nile.corpus / "entities.ttl"
    more = ':nasser a kg:Person ; rdfs:label "Gamal Nasser"@en ; skos:altLabel "GAMAL Nasser"@en .\n'
    entities.write_text(entities.read_text("utf-8") + more, "utf-8")
    name = Name("Gamal Nasser", "Person")
    assert Harvester(nile).linker.link(name) == "https://canal.example/entity/nasser"


def test_a_scope_note_that_is_a_time_tells_which_entity_a_shared_name_means(nile: Project) -> None:
    entities = nile.corpus / "entities.ttl"
    more = (
        "@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .\n"
        ':khedivate a kg:Polity ; rdfs:label "Khedivate of Egypt"@en ; skos:altLabel "Egypt"@en ;\n'
        '    skos:scopeNote "1867/1914-12-18"^^edtf:EDTF .\n'
        ':egypt skos:scopeNote "1922-02-28/.."^^edtf:EDTF ; kg:succeeds :khedivate .\n'
    )
    entities.write_text(entities.read_text("utf-8") + more, "utf-8")
    linker = Harvester(nile).linker
    name = Name("Egypt", "Polity")
    assert linker.link(name, "1882-09-13") == "https://canal.example/entity/khedivate"
    assert linker.link(name, "1956") == "https://canal.example/entity/egypt"
    assert linker.link(name, "1918") == ""


def test_the_commands(nile: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(nile.root)
    runner = CliRunner()
    result = runner.invoke(commands, ["extract", "--jobs", "1"], catch_exceptions=False)
    assert "nile: 5 facts proposed" in result.stderr
    result = runner.invoke(commands, ["review"], input="r\na\n", catch_exceptions=False)
    assert "1 accepted, 1 rejected." in result.stderr
    result = runner.invoke(commands, ["evaluate", "--list"], catch_exceptions=False)
    assert "| **all** |" in result.stdout
    result = runner.invoke(commands, ["evaluate", "--json"], catch_exceptions=False)
    assert '"precision"' in result.stdout


def test_a_file_outside_any_project_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Chile and Peru signed a trade treaty last year.", "utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = ["extract", str(path), "--date", "2010-05-01", "--jobs", "1"]
    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert 'kg:date "2009"^^edtf:EDTF' in result.stdout
    CliRunner().invoke(commands, [*arguments, "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert (tmp_path / "out" / "note.extracted.ttl").read_text("utf-8") == result.stdout


def test_what_is_no_text_is_an_input_error(nile: Project, tmp_path: Path) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        Harvester(nile).read_file(path)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(path, "\ud800")
    assert [(p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()] == [("a.ttl", "old")]
