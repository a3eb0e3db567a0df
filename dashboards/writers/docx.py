"""A Word document: native caption field, a real table whose header repeats, description, British English."""

import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell

from dashboards.cited import CitedTable
from dashboards.sentences import TOOL
from dashboards.writers.layout import MARGIN, Layout, provenance, reading
from dashboards.writers.package import settled, write_package

_FONT, _INK, _LINE, _SHADE = "Arial", RGBColor(0x12, 0x12, 0x12), "8A8A8A", "E6E6E6"
_NARROW, _LONG_EDGE, _SHORT_EDGE = Cm(MARGIN), Cm(29.7), Cm(21.0)


def write(table: CitedTable, path: Path) -> None:
    """Write the table as a Word document."""
    layout = reading(table)
    document = Document()
    _page(document, layout.wide)
    _properties(document, table)
    _caption(document, table)
    _table(document, table, layout)
    for line in table.said:
        document.add_paragraph(line, style="Normal").paragraph_format.space_after = Pt(3)
    _provenance(document, table)
    saved = io.BytesIO()
    document.save(saved)
    write_package(path, settled(saved.getvalue(), table.accessed))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _page(document: WordDocument, wide: bool) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG_EDGE, _SHORT_EDGE) if wide else (_SHORT_EDGE, _LONG_EDGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _NARROW
    for name, size in (("Normal", 9), ("Caption", 11)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), _INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    document.styles["Caption"].font.bold = True
    document.styles["Caption"].paragraph_format.space_after = Pt(5)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _properties(document: WordDocument, table: CitedTable) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = table.title, TOOL, TOOL
    properties.language, properties.comments, properties.subject = "en-GB", table.summary[:250], table.licence[:250]
    properties.revision = 1


def _caption(document: WordDocument, table: CitedTable) -> None:
    paragraph = document.add_paragraph("Table ", style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    for part in ("begin", "instruction", "separate", "number", "end"):
        run = paragraph.add_run(str(table.number) if part == "number" else None)
        if part == "instruction":
            instruction = _element("w:instrText")
            instruction.text = " SEQ Table \\* ARABIC "
            run._r.append(instruction)
        elif part != "number":
            run._r.append(_element("w:fldChar", fldCharType=part))
    paragraph.add_run(f". {table.title}")


def _table(document: WordDocument, table: CitedTable, layout: Layout) -> None:
    made = document.add_table(rows=1 + len(layout.rows), cols=len(layout.headers), style="Table Grid")
    made.autofit = False
    widths = [Cm(w) for w in layout.widths]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    grid = [row.cells for row in made.rows]
    for i, header in enumerate(layout.headers):
        _fill(grid[0][i], header, widths[i], bold=True, right=i > 0 and not layout.in_words(i - 1))
        grid[0][i]._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=_SHADE))
    for cells, row in zip(grid[1:], layout.rows, strict=True):
        _fill(cells[0], row.name, widths[0], bold=row.level == "all", depth=row.depth)
        for i, cell in enumerate(row.cells):
            _fill(cells[i + 1], cell.text, widths[i + 1], right=not layout.in_words(i))
    _accessible(made, table)
    document.add_paragraph()


def _fill(cell: _Cell, text: str, width: Cm, *, bold: bool = False, right: bool = False, depth: int = 0) -> None:
    cell.width = width
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).bold = bold or None
    space = paragraph.paragraph_format
    space.space_before = space.space_after = Pt(1.5)
    if depth:
        space.left_indent = Cm(0.4 * depth)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _accessible(made: Table, table: CitedTable) -> None:
    """Header repeats on every page, no row is split, rules are thin, and the table says what it is."""
    made.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for row in made.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    properties = made._tbl.tblPr
    borders = _element("w:tblBorders")
    rule, none = {"val": "single", "sz": "4", "space": "0", "color": _LINE}, {"val": "nil"}
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{edge}", **(rule if edge in ("top", "bottom", "insideH") else none)))
    look = properties.find(qn("w:tblLook"))
    layout = properties.find(qn("w:tblLayout"))
    (layout if layout is not None else look).addprevious(borders)
    properties.extend([_element("w:tblCaption", val=table.title), _element("w:tblDescription", val=table.summary)])


def _provenance(document: WordDocument, table: CitedTable) -> None:
    """Which figures each number is made of, as a data part of the document, where Word keeps such things."""
    said = json.dumps({"made_with": table.made_with, "cells": provenance(table)}, ensure_ascii=True)
    blob = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<provenance xmlns="urn:justice-disparity-monitor:provenance">{escape(said)}</provenance>'
    ).encode()
    part = Part(PackURI("/customXml/provenance.xml"), "application/xml", blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
