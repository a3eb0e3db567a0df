"""Pages that are only HTML: the files they link to, and their words. Pure."""

import re
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


_VERSION = re.compile(r"(?:^|/)(?:latest|\d+\.\d+)/?$")


def measure_of(url: str) -> str:
    """What a page is called in its address, whichever version of it that is."""
    return _VERSION.sub("", url.rstrip("/")).rpartition("/")[2]


def pages_below(html: str, base: str) -> list[str]:
    """Every page under the address of a page that links to it, once each, in the order of the links."""
    root = base.partition("#")[0].partition("?")[0].rstrip("/") + "/"
    found: dict[str, str] = {}
    for link in _parsed(html).iter("a"):
        try:
            url = urljoin(base, link.get("href") or "").partition("#")[0].partition("?")[0]
        except ValueError:
            continue
        below = _VERSION.sub("", url.removeprefix(root).rstrip("/"))
        if url.startswith(root) and below and extension(below.rpartition("/")[2]) in ("", "html", "htm"):
            # because versions of one page, and `latest`, which is a copy of one, hold the same files
            found.setdefault(below, url)
    return list(found.values())


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
