"""The built-in extractor: words a second, and what long texts, many texts and a second process change.

The texts are the articles that the rules were made with, over and over. Rates of the first table are in
time of the processor, beside those of the parser alone on the same text; the second table runs the
command line, so its times are by the clock and its memory is the peak of the largest process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from kg.extract import parser
from kg.extract.document import Document
from kg.extract.extractor import extract

ROOT = Path(__file__).parent.parent
LENGTHS = (10_000, 100_000, 1_600_000)
"""Words of one text; the last is some 10 MB."""
DOCUMENTS = (100, 1_000, 10_000)
WORDS = 100
"""Words of each of many texts."""


@cache
def paragraphs() -> list[str]:
    """The paragraphs of the articles."""
    cases = sorted((ROOT / "tests" / "extract" / "cases" / "dev").glob("articles*.toml"))
    texts = [case["text"] for path in cases for case in tomllib.loads(path.read_text("utf-8"))["case"]]
    return [paragraph for text in texts for paragraph in text.split("\n\n")]


def text(words: int, start: int = 0) -> str:
    """So many words, to the end of a paragraph, from some paragraph on."""
    found: list[str] = []
    count = 0
    for paragraph in islice(cycle(paragraphs()), start % len(paragraphs()), None):
        found.append(paragraph)
        count += len(paragraph.split())
        if count >= words:
            break
    return "\n\n".join(found)


def measure(words: int) -> dict[str, float]:
    """Words a second of the parser alone and of everything together, and peak MiB, over one text."""
    extract(Document(text(100)))  # not counted: the pipeline is loaded
    body = text(words)
    count = len(body.split())
    document = Document(body)
    start = time.process_time()
    for _ in parser.parse(paragraph.text for paragraph in document.paragraphs()):
        pass
    parsed = time.process_time()
    found = len(extract(document))
    done = time.process_time()
    return {
        "words": count, "MB": len(body.encode()) / 1e6, "facts": found,
        "parser": count / (parsed - start), "all": count / (done - parsed), "MiB": _peak(),
    }  # fmt: skip


def run() -> None:
    """Print both tables."""
    print("| words | MB | facts | parser, words/s | everything, words/s | peak MiB |")
    print("|---:|---:|---:|---:|---:|---:|")
    for words in LENGTHS:
        command = [sys.executable, "-m", "bench.extract", str(words)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
        print(
            f"| {found['words']:,} | {found['MB']:.1f} | {found['facts']:,} | {found['parser']:,.0f} "
            f"| {found['all']:,.0f} | {found['MiB']:.0f} |",
            flush=True,
        )
    print("\n| texts | words | processes | s | words/s | peak MiB | answers |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for documents in DOCUMENTS:
        with tempfile.TemporaryDirectory() as name:
            words = _write(Path(name), documents)
            for jobs in (1, 2):
                _command(Path(name), documents, words, jobs)


def _write(folder: Path, documents: int) -> int:
    total = 0
    for number in range(documents):
        body = text(WORDS, number)
        (folder / f"t{number}.txt").write_text(body, "utf-8")
        total += len(body.split())
    return total


def _command(folder: Path, documents: int, words: int, jobs: int) -> None:
    out = folder / f"out{jobs}"
    names = [f"t{number}.txt" for number in range(documents)]
    kg = [str(Path(sys.executable).parent / "kg"), "extract", *names, "--jobs", str(jobs), "--out", str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(kg, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    assert status == 0, status
    answers = len(list(out.iterdir()))
    print(
        f"| {documents:,} | {words:,} | {jobs} | {seconds:.1f} | {words / seconds:,.0f} "
        f"| {usage.ru_maxrss / 1024:.0f} | {answers:,} |",
        flush=True,
    )


def _peak() -> float:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
