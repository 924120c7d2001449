"""What is released: a wheel with everything in it, that works where nothing else is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

import kg
from tests.conftest import ROOT
from tests.store.remote import free_port


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    [path] = out.iterdir()
    return path


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    command = ["git", "-C", str(ROOT), "ls-files", "src/kg"]
    tracked = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    with zipfile.ZipFile(wheel) as parts:
        packed = {name for name in parts.namelist() if name.startswith("kg/")}
    missing = {name.removeprefix("src/") for name in tracked if (ROOT / name).exists()} - packed
    assert missing == set()
    assert {"kg/template/kg.toml", "kg/template/gitignore", "kg/cli/init.py"} <= packed
    assert wheel.name.startswith(f"citable_kg-{kg.__version__}-py3-none-any")


def test_the_wheel_makes_a_project_without_the_sources(wheel: Path, tmp_path: Path) -> None:
    """Unpacked into an empty folder and run from there, with the libraries of this environment."""
    with zipfile.ZipFile(wheel) as parts:
        parts.extractall(tmp_path / "site")
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import kg.cli; "
        "assert kg.__file__.startswith(sys.path[0]); kg.cli.main()"
    )

    def run(*arguments: str, cwd: Path) -> str:
        command = [sys.executable, "-c", script, str(tmp_path / "site"), *arguments]
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True, timeout=60).stdout

    assert run("--version", cwd=tmp_path) == f"kg, version {kg.__version__}\n"
    run("init", "new", cwd=tmp_path)
    assert "facts  3 (3 accepted" in run("build", cwd=tmp_path / "new")
    assert "1825-09-27" in run("query", "timeline", "--format", "csv", cwd=tmp_path / "new")


@pytest.mark.marathon
def test_the_wheel_works_in_an_empty_environment_without_a_compiler(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, with_pip=True)
    bin_ = environment / "bin"
    clean = {"PATH": str(bin_), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    settings = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}

    def run(*command: str, cwd: Path = tmp_path) -> str:
        result = subprocess.run(
            [str(bin_ / command[0]), *command[1:]],
            cwd=cwd, env={**clean, **settings}, capture_output=True, text=True, timeout=400, check=False,
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        return result.stdout

    run("python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(wheel))
    assert run("kg", "--version") == f"kg, version {kg.__version__}\n"
    run("kg", "init", "new")
    project = tmp_path / "new"
    assert "facts  3" in run("kg", "build", cwd=project)
    refused = subprocess.run(
        [str(bin_ / "kg"), "export", "--format", "parquet"],
        cwd=project, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "pip install 'citable-kg[export]'" in refused.stderr
    with serving(bin_ / "kg", project, clean) as url:
        query = f"{url}/sparql?query=SELECT%20%3Fd%20%7B%3Fs%20kg%3Adate%20%3Fd%7D"
        with urllib.request.urlopen(query, timeout=10) as response:
            assert b"1825-09-27" in response.read()
        page = urllib.request.Request(url + "/", headers={"Accept": "text/html"})
        with urllib.request.urlopen(page, timeout=10) as response:
            assert b"<html" in response.read()


@contextmanager
def serving(program: Path, project: Path, environment: dict[str, str]) -> Iterator[str]:
    """The service of an installed program; its address."""
    port = str(free_port())
    command = [str(program), "serve", "--port", port]
    process = subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        for line in process.stderr:
            if line.startswith("Serving"):
                break
        else:
            raise AssertionError("The service did not start.")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()


def test_citation_file_and_changelog_know_the_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == kg.__version__
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## (Unreleased|\[?" + re.escape(kg.__version__) + ")", changelog, re.MULTILINE)
