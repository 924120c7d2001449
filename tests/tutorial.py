"""Runs a page of the manual: its commands are typed, its files written, its answers compared.

A fence of `sh` holds commands, one a line; one of `text` what the last of them prints. A fence of
another language whose info string names a file is written to it, or added to its end after a `+`.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from tests.command import kg

FENCE = re.compile(r"^```(\w+)(?: (\+?)(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, folder: Path, manual: Path) -> None:
        self.folder = folder
        self.manual = manual
        self.printed = ""
        self.commands: list[str] = []

    def follow(self, page: str) -> int:
        """Do all of a page; the number of fences."""
        fences = FENCE.findall(page)
        for language, append, name, body in fences:
            if language == "sh":
                for line in body.splitlines():
                    self.type(line)
            elif language == "text":
                assert body.strip() in "\n".join(line.rstrip() for line in self.printed.splitlines()), (
                    self.printed
                )
            elif name:
                path = self.folder / name
                path.write_text(path.read_text("utf-8") + "\n" + body if append else body, "utf-8")
        return len(fences)

    def type(self, line: str) -> None:
        """One command of the page."""
        self.commands.append(line)
        match shlex.split(line):
            case ["cd", name]:
                self.folder /= name
            case ["rm", *patterns]:
                for path in [path for pattern in patterns for path in self.folder.glob(pattern)]:
                    path.unlink()
            case ["cp", *sources, target]:
                for source in sources:
                    shutil.copy(self.manual / source.removeprefix("docs/"), self.folder / target)
            case ["kg", *arguments]:
                result = kg(*arguments, cwd=self.folder)
                assert result.returncode == 0, (line, result.stderr)
                self.printed = result.stdout
            case _:
                raise AssertionError(f"The page has a command that no test can run: {line}")
