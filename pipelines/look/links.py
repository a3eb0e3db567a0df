"""Pages that are only HTML: the files they link to, and their words. Pure."""

from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from pipelines.look.records import READABLE, Attachment


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._href: str | None = None
        self._said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        if tag == "a":
            self._href = dict(attrs).get("href")
            self._said = []

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style") and self._silent > 0
        if tag == "a" and self._href:
            self.found.append((self._href, " ".join("".join(self._said).split())))
            self._href = None

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.words.append(data)
        self._said.append(data)


def text(html: str) -> str:
    """The words of a piece of HTML, on one line."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    return " ".join(" ".join(parser.words).split())


def extension(name: str) -> str:
    """A file name's extension, lower case, without the dot; empty when it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem and last.isalnum() else ""


def spreadsheets(html: str, base: str) -> list[Attachment]:
    """Every spreadsheet a page links to, once each, with the words of the link that says most."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    found: dict[str, Attachment] = {}
    for href, words in parser.found:
        try:
            url = urljoin(base, href)
            name = unquote(urlsplit(url).path.rpartition("/")[2])
        except ValueError:
            continue
        if extension(name) in READABLE and len(words) >= len(found[url].title if url in found else ""):
            found[url] = Attachment(url, name, words, extension(name))
    return list(found.values())
