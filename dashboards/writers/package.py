"""Zip packages (docx, odt, ods, xlsx) that have the same bytes whenever they are written."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import jinja2

from dashboards.cited import CitedTable
from dashboards.sentences import TOOL

_DAY = (1980, 1, 1, 0, 0, 0)  # the first day a zip entry can have
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


def templates(folder: Path) -> jinja2.Environment:
    """The templates of a folder; whatever is put into them is escaped."""
    loader = jinja2.FileSystemLoader(folder)
    strict = jinja2.StrictUndefined
    return jinja2.Environment(loader=loader, autoescape=True, undefined=strict, trim_blocks=True, lstrip_blocks=True)


_TEMPLATES = templates(Path(__file__).parent / "templates")


def stamp(day: date) -> str:
    """A day as document properties write it."""
    return f"{day.isoformat()}T00:00:00Z"


_BETWEEN = re.compile(r">\s*\n\s*<")


def fill(template: str, **known: object) -> str:
    """A template of this package, filled in; everything put into it is escaped. XML is without line breaks."""
    text = _TEMPLATES.get_template(template).render(**known)
    # because readers of OpenDocument take a line break between two cells for something that must not be there
    return _BETWEEN.sub("><", text) if template.endswith(".xml") else text


def write_package(path: Path, parts: Mapping[str, bytes | str]) -> None:
    """Write parts in their order. A part called `mimetype` is stored, not compressed, as OpenDocument asks."""
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)


def write_opendocument(
    path: Path, table: CitedTable, kind: str, content: str, *, wide: bool = True, provenance: str = ""
) -> None:
    """Write an OpenDocument `kind` (text, spreadsheet) of a table's content."""
    # because documents of odfdo begin in French, with a picture and the clock inside
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    meta = fill("meta.xml", table=table, tool=TOOL, day=stamp(table.accessed), provenance=provenance)
    styles = fill("styles.xml", document=kind == "text", wide=wide)
    parts = {"mimetype": mimetype, "content.xml": content, "styles.xml": styles, "meta.xml": meta}
    write_package(path, {**parts, "META-INF/manifest.xml": fill("manifest.xml", mimetype=mimetype)})


def settled(saved: bytes, day: date) -> dict[str, bytes]:
    """The parts of a package a library saved, in its order, with the dates of its properties set to `day`."""
    with zipfile.ZipFile(io.BytesIO(saved)) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    core = "docProps/core.xml"
    parts[core] = _STAMP.sub(rb"\g<1>" + stamp(day).encode() + rb"\g<2>", parts[core])
    return parts
