"""The small project, built and served for tests of look-ups and pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent


def copy_canal(root: Path) -> Path:
    """A copy of tests/project with the ontology that ships and its named queries."""
    shutil.copytree(ROOT / "tests" / "project", root)
    shutil.copytree(ROOT / "ontology", root / "ontology")
    (root / "queries" / "of-type.rq").write_text(OF_TYPE)
    (root / "queries" / "home.rq").write_text(HOME)
    (root / "queries" / "agreed.rq").write_text(AGREED)
    (root / "queries" / "counted.rq").write_text(COUNTED)
    return root


@contextmanager
def serve(root: Path, *options: str) -> Iterator[str]:
    """Serve the project in a folder on a free port; yields the URL."""
    command = [sys.executable, "-c", "from kg.cli import main; main()", "serve", "--port", "0", *options]
    environment = {**os.environ, "KG_SERVE_ACCESS_LOG": os.devnull}
    process = subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        for line in process.stderr:
            if line.startswith("Serving"):
                break
        else:
            raise AssertionError("The service did not start.")
        url = line.split(" at ")[-1].strip().removesuffix("/sparql")
        while httpx.get(url + "/ready").status_code != 200:
            time.sleep(0.02)
        yield url
    finally:
        process.terminate()
        process.communicate()


OF_TYPE = """#+ summary: Things of a class
#+ description: Their names, begun by some words if one likes.
#+ tags: [parameters]
SELECT ?label WHERE {
  ?thing a ?_class_iri ; rdfs:label ?label .
  OPTIONAL { ?thing skos:altLabel ?__alias_en }
  # ?_comment is no parameter, nor is "?_string"
} ORDER BY ?label
"""
HOME = """#+ summary: What is known of the opening
#+ description: Each fact with its passage.
#+ tags: [home]
SELECT ?property ?value ?passage WHERE {
  ?fact rdf:subject :opening ; rdf:predicate/rdfs:label ?property ; rdf:object ?value ; kg:cites ?passage .
} ORDER BY ?property
"""
AGREED = """#+ summary: Have two agreed, perhaps at a date?
SELECT ?agreement WHERE { ?agreement kg:party ?_one_iri , ?_other_iri ; kg:date ?__date_edtf }
"""
COUNTED = """#+ summary: Were so many ships counted?
SELECT ?count WHERE { ?count kg:indicator :passages-of-ships ; kg:value ?_number_integer }
"""
