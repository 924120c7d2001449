from __future__ import annotations

import fcntl
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import BuildBusy, InputError
from kg.graph.build import CURRENT, build
from kg.project import Project
from kg.store.build import Build

EXPECTED = Path(__file__).parent / "canal.nq"
BASE = "https://canal.example/"


def own_lines(build_: Build) -> list[str]:
    """The dataset without the ontology's triples."""
    lines = build_.dataset.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("<https://kg.example/ontology")]


def test_every_quad(canal: Project) -> None:
    """The whole dataset of the small project, to be checked by eye against the design's table."""
    lines = own_lines(Build.open(build(canal).path))
    aligned = [line for line in lines if not line.startswith("<https://kg.example/")]
    assert "\n".join(aligned) + "\n" == EXPECTED.read_text("utf-8")


def test_counts(canal: Project) -> None:
    counts = build(canal).manifest["counts"]
    assert counts == {
        "sources": 1,
        "passages": 4,
        "entities": 10,
        "facts": 17,
        "verdicts": {"Accepted": 15, "Unverified": 1, "Contested": 0, "Rejected": 1},
        "methods": {"Curated": 17},
        "citations": 17,
        "quads": counts["quads"],
        "warnings": 0,
    }
    store = Build.open(canal.build / CURRENT).load()
    assert len(store) == counts["quads"]


def test_asserted_only_when_accepted(canal: Project) -> None:
    store = Build.open(build(canal).path).load()
    value = ox.NamedNode("https://kg.example/ontology#value")
    asserted = list(store.quads_for_pattern(None, value, None, ox.DefaultGraph()))
    stated = list(store.quads_for_pattern(None, value, None, ox.NamedNode(BASE + "source/canal")))
    assert [quad.object.value for quad in asserted] == ["500"]
    assert sorted(quad.object.value for quad in stated) == ["486", "500"]


def test_up_to_date(canal: Project) -> None:
    first = build(canal)
    again = build(canal)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.path == again.path
    (canal.queries / "more.rq").write_text("#+ summary: more\nASK {}\n")
    assert build(canal).fresh


def test_equal_bytes_in_another_folder_and_time_zone(canal: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(canal.root, elsewhere)
    script = "import sys; from kg.cli import main; sys.argv = ['kg', 'build']; main()"
    for root, zone, seed in ((canal.root, "Pacific/Kiritimati", "1"), (elsewhere, "America/Anchorage", "2")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-c", script], cwd=root, env=environment, check=True, capture_output=True
        )
    one, other = (files(root / "build") for root in (canal.root, elsewhere))
    assert one == other
    assert len(one) == 4


def files(folder: Path) -> dict[str, str]:
    current = folder / CURRENT
    return {
        str(path.relative_to(folder.resolve())): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(current.resolve().rglob("*"))
        if path.is_file()
    }


def test_two_builds_at_once(canal: Project) -> None:
    build(canal)
    with (canal.build / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BuildBusy, match="Another build"):
            build(canal)


def test_a_failed_build_changes_nothing(canal: Project) -> None:
    before = build(canal)
    (canal.corpus / "canal.ttl").write_text("nonsense")
    with pytest.raises(InputError):
        build(canal)
    assert files(canal.build)
    assert (canal.build / CURRENT).resolve() == before.path


def test_killed_at_any_moment_leaves_a_whole_build(canal: Project) -> None:
    """SIGKILL at 50 random moments; each time `current` is one of the two whole builds, never less."""
    datasets = {build(canal).manifest["dataset"]}
    facts = canal.corpus / "canal.ttl"
    texts = [facts.read_text("utf-8").replace('"some"', word) for word in ('"some"', '"about"')]
    facts.write_text(texts[1], "utf-8")
    datasets.add(build(canal).manifest["dataset"])
    facts.write_text(texts[0], "utf-8")
    begin = time.monotonic()
    assert not _killed(canal, after=None)
    duration = time.monotonic() - begin
    chance = random.Random(1858)
    killed = 0
    for attempt in range(50):
        facts.write_text(texts[(attempt + 1) % 2], "utf-8")
        killed += _killed(canal, chance.uniform(0, 1.1 * duration))
        current = Build.open(canal.build / CURRENT)
        assert hashlib.sha256(current.dataset.read_bytes()).hexdigest() in datasets
        assert [path.name for path in current.queries.iterdir()] == ["dates.rq"]
    assert len(datasets) == 2
    assert killed >= 10
    build(canal)
    assert not [path for path in canal.build.iterdir() if path.name.startswith((".new", ".current"))]


def _killed(project: Project, after: float | None) -> bool:
    """Build in a child process and kill it after some seconds; whether it was still running."""
    child = os.fork()
    if child == 0:
        build(project)
        os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
