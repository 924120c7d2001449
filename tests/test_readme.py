"""The README's first screen is true: its request, sent to a service of the shipped graph, gets its answer."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.graph.build import build
from kg.project import Project

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def block(language: str, containing: str) -> str:
    found = [text for kind, text in re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL) if kind == language]
    return next(text for text in found if containing in text)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, shipped: Project) -> Iterator[str]:
    built = build(shipped, tmp_path_factory.mktemp("build")).path
    script = "import sys; from kg.cli import main; sys.argv[0] = 'kg'; main()"
    command = [
        sys.executable,
        "-c",
        script,
        "serve",
        "--port",
        "0",
        "--build",
        str(built),
        "--access-log",
        "",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        address = server.stderr.readline().split()[-1].removesuffix("/sparql")
        deadline = time.monotonic() + 60
        while httpx.get(f"{address}/ready").status_code != 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        yield address
        server.terminate()


def test_first_request(url: str) -> None:
    command = block("sh", "curl").replace("http://127.0.0.1:8000", url)
    answer = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.replace("\r\n", "\n") == block("csv", "passage")
    assert answer.stdout.count("\n") >= 3


def test_the_facts_shown_are_in_the_corpus() -> None:
    shown = block("turtle", "treaty-of-aigun")
    corpus = (ROOT / "corpus" / "harris.ttl").read_text("utf-8")
    annotations = re.findall(r"(kg:\w+|,) +(\S+) +(\{\|.*?\|\})", shown)
    assert len(annotations) == 3
    for _, value, annotation in annotations:
        assert re.search(re.escape(value) + r"\s+" + re.escape(annotation), corpus), value
