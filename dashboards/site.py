"""The site: the published database in, a folder of pages out; the same database gives the same bytes."""

import ctypes
import datetime as dt
import functools
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup, escape

from dashboards import rendering, writers
from dashboards import sentences as say
from dashboards.charts import Picture, difference
from dashboards.cited import CitedTable, make
from dashboards.pages import Held, Page, Section, not_looked, pages
from dashboards.serve import POLICY
from dashboards.writers.layout import reading
from dashboards.writers.package import templates
from monitor.clock import in_london
from monitor.declarations import Measure, baselines, measures, population_sources, publications
from monitor.settings import Home
from monitor.store import reads
from monitor.store.database import Reader
from monitor.store.vault import Vault
from pipelines.inferring import inferred_measures

_HERE = Path(__file__).parent
TABLE_FORMATS = {"docx": "Word", "odt": "ODT", "ods": "ODS", "xlsx": "Excel", "csv": "CSV"}
"""Formats in which every cited table lies beside its page."""
MENU = (
    ("index", "index.html", "Overview"),
    ("measures", "index.html#h-all", "Figures"),
    ("coverage", "coverage.html", "What is published"),
    ("checks", "checks.html", "Checks"),
    ("sources", "sources.html", "Sources"),
    ("methods", "methods.html", "Methods"),
)


MARK = "made-by-justice-disparity-monitor.txt"
"""In each site: by it the next one knows that the folder may be replaced."""


class NotASite(ValueError):
    """A folder that holds something, and not a site of this program."""


@dataclass(frozen=True)
class Written:
    """The folder of a site, and a sentence for each page that could not be made: one that says so is in its place."""

    folder: Path
    not_made: tuple[str, ...] = ()


def build_or_say(home: Home, *, version: str) -> list[str]:
    """Write the site of a home, whatever happens; gives what could not be made, one sentence each."""
    try:
        return [*build(home, version=version).not_made]
    except Exception as error:
        why = say.clean(f"{type(error).__name__}: {error}")
        return [f"The pages could not be written, and those of before stand; mend it and `publish` again: {why}"]


def build(home: Home, *, version: str, to: Path | None = None) -> Written:
    """Write the whole site of a home's published database (`<home>/site`, or `to`).

    `version` is this program's, printed on every page. Raises what the store raises when nothing is published
    yet, `NotASite` for a folder that holds something else, and `RenderingFailed` when a chart cannot be drawn; what
    was there then stays as it was.
    """
    site = (to or home.site).resolve()  # because where a link leads is what is replaced, and the link stays
    _refuse_what_is_no_site(site)
    with Reader(home) as store:
        held = replace(hold(store), looked=looked(home))

        def cite(rows: pl.DataFrame, measure: Measure) -> CitedTable:
            return make(store, rows, measure)

        made = pages(held, cite)
    return publish(made, held, site, version=version)


def _refuse_what_is_no_site(folder: Path) -> None:
    if not folder.exists():
        return
    found = {p.name for p in folder.iterdir()} if folder.is_dir() else {"a file"}
    of_before = {"index.html", "methods.html", "assets", "files"}  # because earlier versions left no mark
    pages = all(name.endswith(".html") for name in found - of_before)
    if found and MARK not in found and not (of_before <= found and pages):
        named = ", ".join(sorted(found)[:3])
        raise NotASite(
            f"{folder}: expected a site of this program, an empty folder or none; found {named}. Publishing replaces "
            "all that a folder holds: name another one, or empty this one."
        )


def looked(home: Home) -> dict[str, dt.date]:
    """The day in London on which each publication's page was last looked at and read."""
    from pipelines.look import Memory

    looks = Memory.of(Vault(home)).looks
    return {name: in_london(last.succeeded_at).date() for name, last in looks.items() if last.succeeded_at}


def hold(store: reads.Queries) -> Held:
    """What the pages are made from."""
    return Held(
        disparities=reads.disparities(store),
        gaps=reads.gaps(store),
        findings=reads.findings(store),
        artefacts=reads.artefacts(store),
        surveyed=reads.surveyed_tables(store),
        revisions=reads.revisions(store),
        coverage=reads.coverage(store),
        due=reads.due(store),
        pooled=reads.pooled(store),
        funnel=reads.funnel(store),
        tables=(tables := reads.tables_read(store)),
        inferred=inferred_measures(tables, publications(), baselines()),
        measures=measures(),
        baselines=baselines(),
        publications=publications(),
        populations=population_sources(),
    )


def publish(made: list[Page], held: Held, site: Path, *, version: str) -> Written:
    """Draw, write and swap in the pages given."""
    pictures = [picture for page in made for picture in page.pictures]
    # because renderers are other programs: they draw on the other cores while tables are written on this one
    drawing = rendering.Drawing([(p.id, p.wide, p.narrow) for p in pictures])
    site.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    try:
        _assets(fresh, bool(pictures))
        links = _files(made, fresh)
        drawn = drawing.result()
        for picture in pictures:
            links[picture.id] = _picture_files(picture, drawn[picture.id], fresh)
        not_made = _write(made, held, drawn, links, fresh, version)
        fresh.chmod(0o755)
        swap(fresh, site)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Written(site, tuple(not_made))


def swap(fresh: Path, site: Path) -> None:
    """Put `fresh` in the place of `site`, in one step on Linux; what was there is afterwards at `fresh`."""
    if not site.exists():
        fresh.rename(site)
        return
    if _exchange(fresh, site):
        return
    old = fresh.with_name(f"{fresh.name}-old")
    site.rename(old)
    try:
        fresh.rename(site)
    except OSError:
        old.rename(site)
        raise
    old.rename(fresh)


def _exchange(one: Path, other: Path) -> bool:
    at_working_directory, exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    answer = renameat2(at_working_directory, os.fsencode(one), at_working_directory, os.fsencode(other), exchange)
    return bool(answer == 0)


# --- files ------------------------------------------------------------------------------------------------------------

Links = dict[str, list[tuple[str, str]]]
"""By chart or table id: words and relative path of each download."""


def _assets(folder: Path, charts: bool) -> None:
    shutil.copytree(_HERE / "assets", folder / "assets", ignore=shutil.ignore_patterns("*.ttf", "__pycache__"))
    if charts:
        (folder / "assets" / "vega-bundle.js").write_text(rendering.bundle(), encoding="utf-8", newline="\n")
    (folder / "files").mkdir()
    (folder / MARK).write_text("Publishing replaces this whole folder: keep nothing of your own in it.\n", "utf-8")


def _files(made: list[Page], folder: Path) -> Links:
    links: Links = {}
    for page in made:
        for section in page.sections:
            for n, table in enumerate(section.tables, 1):
                name = table_id(page, section, n)
                links[name] = []
                for format, words in TABLE_FORMATS.items():
                    path = f"files/{name}.{format}"
                    writers.write(table, format, folder / path)
                    links[name].append((words, path))
    return links


def table_id(page: Page, section: Section, n: int) -> str:
    """The name of a cited table's files: page, section, and its number where there are several."""
    return f"{page.path.removesuffix('.html')}-{section.id}-table" + ("" if n == 1 else f"-{n}")


def _picture_files(picture: Picture, drawn: rendering.Drawn, folder: Path) -> list[tuple[str, str]]:
    stem = f"files/{picture.id}"
    (folder / f"{stem}.svg").write_text(drawn.svg, encoding="utf-8", newline="\n")
    (folder / f"{stem}.png").write_bytes(drawn.png)
    (folder / f"{stem}.csv").write_text(rows_as_csv(picture.data), encoding="utf-8", newline="\n")
    return [("PNG", f"{stem}.png"), ("SVG", f"{stem}.svg"), ("Its data (CSV)", f"{stem}.csv")]


def rows_as_csv(rows: pl.DataFrame) -> str:
    """Rows as CSV: lists of ids joined by spaces, no text that a spreadsheet would run as a formula."""
    lists = [n for n, t in rows.schema.items() if isinstance(t, pl.List)]
    texts = [n for n, t in rows.schema.items() if t == pl.String]
    lists_as_text = rows.with_columns(pl.col(lists).list.join(" "))
    return lists_as_text.with_columns(pl.col(texts).str.replace(r"^([=+\-@\t\r])", "'$1")).write_csv()


# --- pages ------------------------------------------------------------------------------------------------------------


def _write(
    made: list[Page], held: Held, drawn: Mapping[str, rendering.Drawn], links: Links, folder: Path, version: str
) -> list[str]:
    """Write the pages; gives a sentence for each that could not be made."""
    environment = page_templates()
    names = not_looked(held)
    latest = held.disparities["period_end"].drop_nulls()
    common = {
        "policy": POLICY,
        "wide": False,
        "menu": MENU,
        "version": version,
        "names": names,
        "looked": looked_at(held),
        "standing": _standing(held, names, say.day(latest.max()) if len(latest) else ""),  # type: ignore[arg-type]
        "licence": _urls(say.OGL_LINE + " " + say.OGL_URL),
    }

    def text_of(page: Page) -> str:
        context = {**common, **page.context}
        context["sections"] = [_shown(page, s, drawn, links) for s in page.sections]
        context["siblings"] = [(p.path, p.title) for p in made if p.nav == "measures"]
        context["page"] = page
        return _tidy(environment.get_template(page.template or page.path).render(context))

    not_made = []
    for page in made:
        shown = page
        try:
            text = text_of(page)
        except Exception as error:  # because one page that cannot be drawn must not cost the others
            text = text_of(shown := page.fault(error))
        (folder / page.path).write_text(text, encoding="utf-8", newline="\n")
        not_made += [shown.not_made] if shown.not_made else []
    return not_made


def looked_at(held: Held) -> str:
    """Whose pages were looked at, and when, in a sentence; parts of a release are looked at with it."""
    counted = [name for name, publication in held.publications.items() if publication.is_counted]
    days = sorted(held.looked[name] for name in counted if name in held.looked)
    if not days:
        return "No publisher’s page has been looked at yet; newer figures may exist."
    when = f"on {say.day(days[-1])}" if days[0] == days[-1] else f"between {say.day(days[0])} and {say.day(days[-1])}"
    if len(days) == len(counted):
        return f"The pages of all {len(counted)} publications were last looked at {when}."
    return (
        f"The pages of {len(days)} of {len(counted)} publications were last looked at {when}; of the others newer "
        "figures may exist."
    )


def _standing(held: Held, names: list[tuple[str, str]], to: str) -> str:
    words = f"Figures to {to}. " if to else "No figures are held. "
    words += looked_at(held)
    if names:
        words += f" Nothing is held of {len(names)} declared publication{'' if len(names) == 1 else 's'}."
    return words


def _shown(page: Page, section: Section, drawn: Mapping[str, rendering.Drawn], links: Links) -> dict[str, Any]:
    tables = [_table(t, links.get(table_id(page, section, n), [])) for n, t in enumerate(section.tables, 1)]
    shown = {**vars(section), "tables": tables}
    if picture := section.picture:
        shown["drawn"] = drawn[picture.id]
        shown["downloads"] = links.get(picture.id, [])
        shown["data"] = _json({"spec": picture.wide, "narrow": difference(picture.wide, picture.narrow)})
    return shown


def _table(table: CitedTable, links: list[tuple[str, str]]) -> dict[str, Any]:
    """A cited table as the page shows it: two limits in one column, and where each row's numbers stood."""
    layout = reading(table)
    numeric = [c.key != "finding" for c in layout.columns]
    return {
        "title": table.title,
        "group_header": table.group_header,
        "merged": [{"header": c.header, "numeric": n} for c, n in zip(layout.columns, numeric, strict=True)],
        "nested": any(r.depth for r in table.rows),
        "lines": [
            {
                **vars(row),
                "texts": [(cell.text, n) for cell, n in zip(row.cells, numeric, strict=True)],
                "cell": "; ".join(table.came_from(cell) for cell in row.cells if cell.figures),
            }
            for row in layout.rows
        ],
        "said": table.said,
        "links": links,
    }


def _json(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


_URL = re.compile(r"https://[^\s<>\"']+[^\s<>\"'.,;:)]")


def _urls(text: str) -> Markup:
    """Text with its https addresses made links, everything else escaped."""
    parts, end = [], 0
    for match in _URL.finditer(text):
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _tidy(text: str) -> str:
    """A page without the empty lines that templates leave."""
    return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


@functools.cache
def page_templates() -> jinja2.Environment:
    """The pages' templates."""
    environment = templates(_HERE / "templates")
    environment.filters.update(ratio=say.ratio, urls=_urls)
    return environment
