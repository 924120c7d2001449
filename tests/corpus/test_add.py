"""Files become sources: what they say of themselves is kept, nothing is invented, spans are exact."""

from __future__ import annotations

import io
import tomllib
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from tests.command import kg

from kg.corpus.add import add, identifier
from kg.corpus.document.document import LIMIT, UnreadableDocument, clean
from kg.corpus.document.reader import read_document
from kg.errors import KgError
from kg.graph.build import Reading
from kg.project import Project

PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="iso-8859-1">
<title>The bridge | A site</title><meta property="og:title" content="The bridge">
<meta name="author" content="Ada Writer"><meta name="author" content="Bo Author">
<meta property="article:published_time" content="2021-03-05T10:00:00Z">
<meta property="og:site_name" content="A site"><link rel="canonical" href="https://example.org/bridge">
<style>p { color: red }</style></head><body><nav>Home</nav><article><h1>The bridge</h1>
<p>The bridge caf\xe9 opened<br>in&nbsp;1890. It is <b>2,467</b>\n   metres long.</p>
<script>alert(1)</script><ul><li>one</li><li>two</li></ul></article><footer>Cookies</footer></body></html>"""


def pdf(text: str = "The bridge was opened in 1890.", title: str = "", author: str = "") -> bytes:
    document = FPDF()
    document.set_title(title)
    document.set_author(author)
    document.set_font("helvetica")
    document.add_page()
    if text:
        document.multi_cell(0, 10, text)
    else:
        document.rect(10, 10, 100, 100, style="F")
    return bytes(document.output())


def encrypted(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def word(*paragraphs: str, title: str = "", author: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    if author:
        document.core_properties.author = author
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "length", "2467 m"
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def record_of(project: Project, path: Path) -> dict[str, object]:
    [addition] = add(project, [path])
    record = tomllib.loads((project.corpus / f"{addition.id}.toml").read_text("utf-8"))
    assert record.pop("original")["file"] == f"{addition.id}.txt"
    return record


def text_of(project: Project, name: str) -> str:
    return (project.corpus / f"{name}.txt").read_text("utf-8")


def test_html(canal: Project, tmp_path: Path) -> None:
    assert record_of(canal, file(tmp_path, "page.html", PAGE.encode("latin-1"))) == {
        "title": "The bridge",
        "creators": ["Ada Writer", "Bo Author"],
        "date": "2021-03-05",
        "publisher": "A site",
        "language": "en-GB",
        "url": "https://example.org/bridge",
    }
    assert text_of(canal, "page") == (
        "The bridge\n\nThe bridge café opened\nin 1890. It is 2,467 metres long.\n\none\n\ntwo\n"
    )


def test_markdown(canal: Project, tmp_path: Path) -> None:
    front = "---\ntitle: The *bridge*\nauthor: [Ada, Bo]\ndate: 2021-03\nlang: en\n---\n"
    text = front + "# Head\n\nSome **bold** [link](x).\n\n- a\n- b\n"
    assert record_of(canal, file(tmp_path, "Notes 1.md", text.encode())) == {
        "title": "The *bridge*",
        "creators": ["Ada", "Bo"],
        "date": "2021-03",
        "language": "en",
    }
    assert text_of(canal, "notes-1") == "Head\n\nSome bold link.\n\na\n\nb\n"
    assert record_of(canal, file(tmp_path, "other.md", b"# Only a head\n\nText.\n")) == {
        "title": "Only a head"
    }


def test_plain_text(canal: Project, tmp_path: Path) -> None:
    data = "\ufeffA title\r\n\r\nThe text \x0cgoes on.   \r\n\r\n\r\n\r\nEnd".encode()
    assert record_of(canal, file(tmp_path, "a.txt", data)) == {"title": "A title"}
    assert text_of(canal, "a") == "A title\n\nThe text goes on.\n\nEnd\n"
    assert record_of(canal, file(tmp_path, "b.txt", b"No title here.\nMore.\n")) == {"title": "b"}
    assert "names no title" in (canal.corpus / "b.toml").read_text("utf-8")


def test_pdf(canal: Project, tmp_path: Path) -> None:
    data = pdf(title="The bridge", author="Ada Writer; Bo Author")
    assert record_of(canal, file(tmp_path, "a.pdf", data)) == {
        "title": "The bridge",
        "creators": ["Ada Writer", "Bo Author"],
    }
    assert text_of(canal, "a") == "The bridge was opened in 1890.\n"
    machine = file(tmp_path, "b.pdf", pdf(title="Microsoft Word - draft.docx"))
    assert record_of(canal, machine) == {"title": "b"}
    assert record_of(canal, file(tmp_path, "c.pdf", encrypted(data, "")))["title"] == "The bridge"


def test_word(canal: Project, tmp_path: Path) -> None:
    data = word("First.", "Second.", title="The bridge", author="Ada Writer")
    assert record_of(canal, file(tmp_path, "a.docx", data)) == {
        "title": "The bridge",
        "creators": ["Ada Writer"],
    }
    assert text_of(canal, "a") == "First.\n\nSecond.\n\nlength\t2467 m\n"
    assert record_of(canal, file(tmp_path, "b.docx", word("First."))) == {"title": "b"}


def test_what_is_no_date_or_language_is_left_out_with_a_warning(canal: Project, tmp_path: Path) -> None:
    path = file(tmp_path, "a.md", b"---\ntitle: A\ndate: last spring\nlang: the queen's\n---\nText.\n")
    [addition] = add(canal, [path])
    assert addition.document.warnings == (
        "the date “last spring” is not written as 2020-12-31, and left out",
        "the language “the queen's” is no tag such as en, and left out",
    )
    assert (addition.document.date, addition.document.language) == ("", "")


BAD = {
    "other.xyz": (b"?", "is no format that is known"),
    "image.txt": (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8"),
    "zeros.txt": (b"a\0b", "holds zero bytes"),
    "latin.txt": ("café".encode("latin-1"), "is not UTF-8 (byte 3)"),
    "empty.txt": (b" \n", "holds no text"),
    "empty.html": (b"<html><script>x</script></html>", "holds no text"),
    "charset.html": (b"<meta charset=utf-8>\xe9", "not in the encoding that it declares"),
    "front.md": (b"---\n: [\n---\nx", "front matter is not YAML"),
    "image.pdf": (b"\x89PNG\r\n\x1a\n", "is no PDF file"),
    "truncated.pdf": (pdf("word " * 500)[:900], "cut short"),
    "damaged.pdf": (b"%PDF-1.7\ngarbage\n%%EOF", "the PDF is damaged"),
    "encrypted.pdf": (encrypted(pdf(), "secret"), "is encrypted"),
    "scanned.pdf": (pdf(text=""), "they are scanned. Run OCR"),
    "report.txt": (pdf(), "is a PDF file. Name it so"),
    "encrypted.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "encrypted, or of Word before 2007"),
    "truncated.docx": (word("First.")[:500], "is no whole Word file"),
    "text.docx": (b"hello", "is no DOCX file"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_changes_nothing(canal: Project, tmp_path: Path, name: str) -> None:
    data, message = BAD[name]
    before = sorted(canal.corpus.iterdir())
    good = file(tmp_path, "good.txt", b"Good.\n")
    result = kg("add", str(good), str(file(tmp_path, name, data)), cwd=canal.root)
    assert result.returncode == 1
    assert message in result.stderr
    assert name in result.stderr
    assert sorted(canal.corpus.iterdir()) == before


def test_two_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as output:
        output.truncate(200_000_000)
    with pytest.raises(UnreadableDocument, match="larger than 100 MB"):
        read_document(path)


def test_a_word_file_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts,
        parts.open("word/document.xml", "w") as part,
    ):
        for _ in range(LIMIT // 10_000_000 + 1):
            part.write(bytes(10_000_000))
    with pytest.raises(UnreadableDocument, match="unpacks to more than"):
        read_document(path)


def test_names_that_are_taken(canal: Project, tmp_path: Path) -> None:
    path = file(tmp_path, "canal.md", b"# Again\n\nText.\n")
    with pytest.raises(KgError, match="there is a source canal already"):
        add(canal, [path])
    assert [addition.id for addition in add(canal, [path], "canal-2")] == ["canal-2"]
    with pytest.raises(KgError, match="is no source id"):
        add(canal, [path], "Canal 3")
    (tmp_path / "x").mkdir()
    twice = [file(tmp_path, "new.txt", b"A.\n"), file(tmp_path / "x", "new.txt", b"B.\n")]
    with pytest.raises(KgError, match="there is a source new already"):
        add(canal, twice)
    assert not (canal.corpus / "new.txt").exists()
    assert "cannot be read" in kg("add", "nowhere.txt", cwd=canal.root).stderr


@pytest.mark.parametrize(
    ("name", "id_"), [("Über Öl (2)", "uber-ol-2"), ("a__b--c", "a-b-c"), ("…", "source"), ("X", "x")]
)
def test_identifier(name: str, id_: str) -> None:
    assert identifier(name) == id_


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert "".join(once.split()) == "".join(clean(once).split())


def test_spans_in_what_was_added_are_exact(canal: Project, tmp_path: Path) -> None:
    """A passage located in the added text checks clean, with an emoji and a soft hyphen before it."""
    [addition] = add(
        canal, [file(tmp_path, "a.html", "<p>🚢 A foot\u00adnote. The bridge opened in 1890.</p>".encode())]
    )
    located = kg("locate", addition.id, "The bridge … 1890.", cwd=canal.root).stdout
    record = canal.corpus / "a.toml"
    record.write_text(
        record.read_text("utf-8") + "\n" + located.replace('digest = ""', 'digest = "It opened."'), "utf-8"
    )
    assert [finding.code for finding in Reading.of(canal).findings] == ["uncited-passage"]
    start, end = tomllib.loads(record.read_text("utf-8"))["passage"][0]["span"]
    assert text_of(canal, "a")[start:end] == "The bridge opened in 1890."
