"""What every format becomes: text and a bibliographic record. What a file does not say stays empty."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.errors import KgError

LIMIT = 100_000_000
"""Bytes of a file that is still read: far beyond any book, far below what exhausts a machine."""
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\ufeff]")
"""Control characters, soft hyphens and byte-order marks: nothing that anybody quotes."""


class UnreadableDocument(KgError):
    """A file cannot become a source; the message says why and what to do."""

    exit_code = 1
    status = 422


@dataclass(frozen=True)
class Document:
    """The text of a file and what the file says of itself."""

    text: str
    title: str = ""
    creators: tuple[str, ...] = ()
    date: str = ""
    """Of publication, as the file gives it; a file's own date is not that."""
    language: str = ""
    publisher: str = ""
    url: str = ""
    warnings: tuple[str, ...] = ()

    def cleaned(self) -> Document:
        """The same with clean text, in which spans are counted, and with no date or language that is none."""
        warnings = list(self.warnings)
        if self.date and not DATE.fullmatch(self.date):
            warnings.append(f"the date “{self.date}” is not written as 2020-12-31, and left out")
        language = self.language.replace("_", "-")
        if language and not LANGUAGE.fullmatch(language):
            warnings.append(f"the language “{language}” is no tag such as en, and left out")
        return replace(
            self,
            text=clean(self.text),
            date=self.date if DATE.fullmatch(self.date) else "",
            language=language if LANGUAGE.fullmatch(language) else "",
            warnings=tuple(warnings),
        )


def clean(text: str) -> str:
    """Text with plain line ends, no control characters, no trailing blanks, one blank line at most."""
    text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no character
    lines = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    joined = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", joined).strip("\n") + "\n"


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with a byte-order mark. Raises UnreadableDocument."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        remedy = "Is it a text? If so, convert it with `iconv -t UTF-8`."
        raise UnreadableDocument(f"it is not UTF-8 (byte {error.start}). {remedy}") from None
    if "\0" in text:
        raise UnreadableDocument("it holds zero bytes: it is no text.")
    return text


def words(value: object) -> str:
    """A value of metadata as one line of text; empty where it is none."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
