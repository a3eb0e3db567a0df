"""What a reader meets: every page, wide and narrow, light and dark, in a real browser, from a disk."""

import json
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import polars as pl
import pytest

from dashboards import sentences as say
from monitor.settings import home
from monitor.store.database import Reader
from tests.browser.conftest import Open

SCREENS = [
    (1280, "light"),
    (320, "dark"),
    pytest.param(1280, "dark", marks=pytest.mark.nightly),
    pytest.param(320, "light", marks=pytest.mark.nightly),
]
LIMIT = 200_000


def pages_of(site: Path) -> list[Path]:
    found = sorted(site.glob("*.html"))
    assert len(found) >= 12, "the starter figures give at least a dozen pages"
    return found


def kinds_of(site: Path) -> list[Path]:
    """Every page, but of the many pages of one publication, or of one place, each only a few."""
    every = pages_of(site)
    alike = [[p for p in every if p.name.startswith(prefix)][4:] for prefix in ("publication-", "place-")]
    return [p for p in every if not any(p in rest for rest in alike)]


class Elements(HTMLParser):
    """Links, ids and text of a page, read without a browser."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if held.get("id"):
            self.ids.append(str(held["id"]))
        if tag == "a" and held.get("href"):
            self.links.append(str(held["href"]))
        for name in ("src", "data", "poster", "srcset"):
            if held.get(name):
                self.loaded.append(str(held[name]))
        if tag == "link":
            self.loaded.append(str(held["href"]))


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_every_page_opens_quietly_fits_the_screen_and_has_nothing_for_axe_to_report(
    starter_site: Path, visit: Open, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # because one narrow look at all of them finds what a second look at fifty alike would
    for path in pages_of(starter_site) if (width, scheme) == (320, "light") else kinds_of(starter_site):
        with visit(path, width=width, scheme=scheme) as seen:
            seen.settled()
            where = f"{path.name} at {width} pixels, {scheme}"
            assert seen.errors == [], where
            assert seen.failed == [], where
            assert seen.outside == [], where
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, f"{where}: scrolls sideways"
            kept = seen.page.evaluate("[...document.querySelectorAll('script[data-done]')].map(s => s.dataset.done)")
            assert set(kept) <= {"drawn"}, f"{where}: a chart was not drawn again"
            found = Axe().run(seen.page)
            assert found.violations_count == 0, f"{where}: {found.generate_report()}"


def test_without_scripts_every_chart_is_there_with_its_words_and_its_table(starter_site: Path, visit: Open) -> None:
    charts = 0
    for path in kinds_of(starter_site):
        with visit(path, scripts=False) as seen:
            for width in (1280, 320):
                seen.page.set_viewport_size({"width": width, "height": 900})
                for plot in seen.page.query_selector_all(".plot"):
                    charts += 1
                    picture = plot.query_selector(".wide svg" if width == 1280 else ".narrow svg")
                    box = picture.bounding_box()
                    where = f"{path.name}: {plot.get_attribute('id')}"
                    assert box["width"] > 150 and box["height"] > 40, f"{where} is not drawn: {box}"
                    assert box["x"] + box["width"] <= width
                    assert len(plot.get_attribute("aria-label")) > 60
                    assert plot.query_selector("xpath=ancestor::section//table | following::table") is not None
    assert charts >= 20


def test_the_ratios_on_a_page_are_the_ratios_in_the_store(starter_home: Path, starter_site: Path, visit: Open) -> None:
    with Reader(home(starter_home)) as store:
        rows = store.frame(
            "select * from disparity "
            "where sex = 'all' and level = 'groups' and ratio_low is not null and status = 'shown' "
            "qualify period_end = max(period_end) over (partition by measure, characteristic, baseline)"
        )
    assert rows.height > 20
    from monitor.declarations import measures

    checked = 0
    for (measure, characteristic), part in rows.group_by(["measure", "characteristic"], maintain_order=True):
        fits = [f for f in measures()[str(measure)].fit if str(characteristic) in f.characteristics]
        chosen = next((f.baseline for f in fits if f.default), fits[0].baseline)
        with visit(starter_site / f"{measure}-{characteristic}.html", scripts=False) as seen:
            table = {
                line.query_selector("th").inner_text(): line.inner_text()
                for line in seen.page.query_selector_all("#now table tbody tr")
            }
            for row in part.filter(pl.col("baseline") == chosen).iter_rows(named=True):
                name = row["category"][:1].upper() + row["category"][1:]
                shown = table[name]
                assert say.count(row["count"]) in shown
                assert say.ratio(row["ratio"]) in shown
                assert say.interval(row["ratio_low"], row["ratio_high"]) in shown
                checked += 1
    assert checked > 15


def test_the_picture_says_the_same_numbers_as_the_table(starter_site: Path) -> None:
    for path in starter_site.glob("*-ethnicity.html"):
        text = path.read_text(encoding="utf-8")
        drawn = re.findall(r"<text[^>]*>\s*([\d.,]+\s+\([\d.,]+ to [\d.,]+\))</text>", text)
        table = re.sub(r"<[^>]+>", " ", text[text.index("<table") :])
        assert drawn, path.name
        for words in drawn:
            ratio, low, high = re.findall(r"\d[\d.,]*", words)
            assert f"{low} to {high}" in table and ratio in table, f"{path.name}: {words}"


def test_no_link_leads_nowhere_and_nothing_is_loaded_from_elsewhere(starter_site: Path) -> None:
    parsed = {p.name: Elements(p.read_text(encoding="utf-8")) for p in pages_of(starter_site)}
    for name, page in parsed.items():
        assert len(page.ids) == len(set(page.ids)), f"{name}: an id stands twice"
        for link in [*page.links, *page.loaded]:
            if link.startswith("https://"):
                assert link in page.links, f"{name} loads {link}"
                continue
            target, part = urldefrag(unquote(link))
            assert (starter_site / (target or name)).is_file(), f"{name}: {link}"
            if part:
                assert part in parsed[target or name].ids, f"{name}: {link}"


def test_pages_are_small_before_the_shared_script_and_font(starter_site: Path) -> None:
    sizes = {p.name: p.stat().st_size for p in pages_of(starter_site)}
    assert {n: s for n, s in sizes.items() if s > LIMIT} == {}


def test_every_chart_can_be_taken_away_as_csv_svg_and_png(starter_site: Path) -> None:
    pictures = {p.stem for p in (starter_site / "files").glob("*.png")}
    assert len(pictures) >= 10
    for name in pictures:
        assert (starter_site / "files" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (starter_site / "files" / f"{name}.svg").read_text(encoding="utf-8")[:200]
        assert pl.read_csv(starter_site / "files" / f"{name}.csv", infer_schema=False).height > 0


def test_publications_nobody_looked_at_are_named_in_words_and_never_as_absent(starter_site: Path, visit: Open) -> None:
    with visit(starter_site / "coverage.html", scripts=False) as seen:
        cells = [c.inner_text() for c in seen.page.query_selector_all(".state.not_looked")]
        assert cells and all("Not looked at" in c for c in cells)
        heads = [h.inner_text() for h in seen.page.query_selector_all(".matrix thead th")]
        assert heads[1:10] != sorted(heads[1:10])  # because the least covered stands first, whatever its letter
        assert len(heads) == 13
        assert "Ethnicity" not in heads[1:4]
    for name in ("index.html", "coverage.html"):
        text = (starter_site / name).read_text(encoding="utf-8")
        assert "obody has looked" in text


def test_a_line_is_cut_where_the_counting_rule_changed(starter_site: Path) -> None:
    text = (starter_site / "prison-population-ethnicity.html").read_text(encoding="utf-8")
    chart = json.loads(re.findall(r'data-chart="plot-[^"]*-trend">(.*?)</script>', text)[0])
    points = chart["spec"]["data"]["values"]
    for group in ("Asian", "Other"):
        segments = {p["s"] for p in points if p["g"] == group and "s" in p}
        marks = [p["c"] for p in points if p["g"] == group and "c" in p]
        assert len(segments) == 2 and len(marks) == 1
        ends = {s: [p["x"] for p in points if p["g"] == group and p.get("s") == s] for s in segments}
        first, second = sorted(ends.values(), key=min)
        assert max(first) < marks[0] <= min(second)


@pytest.fixture
def served(starter_site: Path) -> Iterator[str]:
    from dashboards.serve import server

    running = server(starter_site)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def test_served_pages_obey_the_policy_sent_in_headers(served: str, visit: Open) -> None:
    import requests

    answer = requests.get(f"{served}/index.html", timeout=10)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert requests.get(f"{served}/../../etc/passwd", timeout=10).status_code == 404
    with visit(f"{served}/prison-population-ethnicity.html") as seen:
        seen.settled()
        assert seen.errors == [] and seen.failed == [] and seen.outside == []


def test_serving_a_folder_without_pages_says_what_to_do(tmp_path: Path) -> None:
    from dashboards.serve import server

    with pytest.raises(FileNotFoundError, match="justice-monitor publish"):
        server(tmp_path)
