"""Pages that are only HTML: the files they link to, and their words. Pure."""

from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html

from pipelines.look.records import READABLE, Attachment


def _parsed(html: str) -> Any:
    """A piece of HTML without what no reader sees; `<p>`, because a piece of nothing is no document."""
    reader = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = lxml.html.document_fromstring(f"{html}<p></p>".replace("\0", "").encode("utf-8", "replace"), reader)
    lxml.html.etree.strip_elements(page, "script", "style", lxml.html.etree.Comment, with_tail=False)
    return page


def text(html: str) -> str:
    """The words of a piece of HTML, on one line."""
    return " ".join(" ".join(_parsed(html).itertext()).split())


def extension(name: str) -> str:
    """A file name's extension, lower case, without the dot; empty when it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and last.isalnum() else ""


def spreadsheets(html: str, base: str) -> list[Attachment]:
    """Every spreadsheet a page links to, once each, with the words of the link that says most."""
    found: dict[str, Attachment] = {}
    for link in _parsed(html).iter("a"):
        href, words = link.get("href") or "", " ".join(link.text_content().split())
        try:
            url = urljoin(base, href)
            name = unquote(urlsplit(url).path.rpartition("/")[2])
        except ValueError:
            continue
        if extension(name) in READABLE and len(words) >= len(found[url].title if url in found else ""):
            found[url] = Attachment(url, name, words, extension(name))
    return list(found.values())
