"""A web page becomes a document: the article without the furniture, and what its metadata say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.corpus.document.document import Document, UnreadableDocument, decode, words
from kg.errors import MissingExtra

CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
FURNITURE = [
    "aside", "button", "footer", "form", "head", "iframe", "nav", "noscript", "script", "style", "svg",
    "template",
]  # fmt: skip
BLOCKS = [
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
]  # fmt: skip
TITLES = ["citation_title", "dc.title", "dcterms.title", "og:title"]
AUTHORS = ["citation_author", "dc.creator", "dcterms.creator", "author", "article:author"]
DATES = [
    "citation_publication_date", "citation_date", "dcterms.issued", "dc.date", "dcterms.date",
    "article:published_time", "date",
]  # fmt: skip
PUBLISHERS = ["citation_journal_title", "dc.publisher", "dcterms.publisher", "og:site_name"]


def read_html(data: bytes) -> Document:
    """Read an HTML page. Raises UnreadableDocument, MissingExtra."""
    try:
        from bs4 import BeautifulSoup
    except ImportError:
        raise MissingExtra("HTML", "add") from None
    soup = BeautifulSoup(_decode(data), "html.parser")
    meta = _meta(dict(tag.attrs) for tag in soup.find_all("meta"))
    links = soup.select("link[rel=canonical][href]")
    url = words(links[0]["href"]) if links else ""
    title = _first(meta, TITLES) or (words(soup.title.get_text()) if soup.title else "")
    language = soup.html.get("lang") if soup.html else None
    for tag in soup.find_all(FURNITURE):
        tag.decompose()
    articles = soup.find_all("article") or soup.find_all("main")
    body = articles[0] if len(articles) == 1 else soup
    for tag in body.find_all(["br", *BLOCKS]):
        tag.insert_before("\n\n" if tag.name != "br" else "\0")
        tag.insert_after("\n\n" if tag.name != "br" else "")
    return Document(
        text=_text(body.get_text()),
        title=title,
        creators=tuple(_all(meta, AUTHORS)),
        date=_day(_first(meta, DATES)),
        language=words(language),
        publisher=_first(meta, PUBLISHERS),
        url=url,
    )


def _decode(data: bytes) -> str:
    """By the page's own word, for a guess could be wrong."""
    found = CHARSET.search(data[:4096])
    try:
        return data.decode(found[1].decode()) if found else decode(data)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableDocument(f"it is not in the encoding that it declares: {error}.") from None


def _text(raw: str) -> str:
    """White space as a browser shows it: a line ends where the page says, not where the file does."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", raw))
    return "\n\n".join(part.replace("\0 ", "\n").replace("\0", "\n") for part in paragraphs if part)


def _meta(tags: Iterable[dict[str, object]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attributes in tags:
        name = words(attributes.get("name") or attributes.get("property")).lower()
        if content := words(attributes.get("content")):
            found.setdefault(name, []).append(content)
    return found


def _all(meta: dict[str, list[str]], names: list[str]) -> list[str]:
    """The values of the first of the names that the page gives, but for addresses of profiles."""
    values = next((meta[name] for name in names if name in meta), [])
    return [value for value in values if not value.startswith(("http://", "https://"))]


def _first(meta: dict[str, list[str]], names: list[str]) -> str:
    return next(iter(_all(meta, names)), "")


def _day(date: str) -> str:
    """The day of a time stamp; anything else as it stands."""
    return date[:10] if re.match(r"\d{4}-\d{2}-\d{2}T", date) else date.replace("/", "-")
