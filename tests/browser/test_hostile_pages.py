"""Labels that attack, and databases that hold little: the pages stay safe, readable, and say what is not shown."""

import datetime as dt
import html
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from dashboards.cited import CitationMissing, CitedTable
from dashboards.pages import Held, pages
from dashboards.site import publish, rows_as_csv
from monitor.declarations import Measure, baselines, measures, population_sources, publications
from monitor.store.schema import frame_schema
from tests.browser.conftest import Open

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
END = "</script><script>document.title='owned'</script>"
REVERSED = "Black\u202egrey\u202c people"
LONG = "Überlange" * 40
FORMULA = '=HYPERLINK("http://example.org")'


def row(category: str, **more: object) -> dict[str, object]:
    made: dict[str, object] = {
        "measure": "prison-population",
        "period": "2022-06-30",
        "period_start": dt.date(2022, 6, 30),
        "period_end": dt.date(2022, 6, 30),
        "place": "England and Wales",
        "sex": "all",
        "characteristic": "ethnicity",
        "level": "groups",
        "category": category,
        "label": category,
        "reference": "White",
        "baseline": "census-2021-18plus",
        "count": 100.0,
        "denominator": 10_000.0,
        "rate": 1000.0,
        "per": 100_000.0,
        "ratio": 2.0,
        "ratio_low": 1.5,
        "ratio_high": 2.5,
        "bound_low": 1.4,
        "bound_high": 2.9,
        "interval_method": "exact conditional Poisson",
        "share": 0.5,
        "unknown_count": 3.0,
        "unknown_share": 0.01,
        "band": "over_clear",
        "status": "shown",
        "definition_id": "one",
        "flags": [],
        "numerator_figures": [],
        "denominator_figures": [],
    }
    return {**made, **more}


def holding(rows: list[dict[str, object]]) -> Held:
    schema = frame_schema("disparity")
    return Held(
        disparities=pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema),
        gaps=pl.DataFrame(schema=frame_schema("gap")),
        findings=pl.DataFrame(schema=frame_schema("finding")),
        artefacts=pl.DataFrame(schema=frame_schema("artefact")),
        surveyed=pl.DataFrame(schema=frame_schema("surveyed_table")),
        measures=measures(),
        baselines=baselines(),
        publications=publications(),
        populations=population_sources(),
    )


def no_table(rows: pl.DataFrame, measure: Measure) -> CitedTable:
    raise CitationMissing("the files these rows rest on are not held")


def site_of(held: Held, folder: Path) -> Path:
    return publish(pages(held, no_table), held, folder / "site", version="0").folder


def test_labels_that_attack_are_words_on_the_page(tmp_path: Path, visit: Open) -> None:
    rows = [row(c) for c in ("White", SCRIPT, END, REVERSED, LONG, LONG + "er", FORMULA)]
    site = site_of(holding(rows), tmp_path)
    path = site / "prison-population-ethnicity.html"
    text = path.read_text(encoding="utf-8")
    assert "<img" not in text and "document.title='owned'</script>" not in text
    assert "\u202e" not in text
    for width in (1280, 320):
        with visit(path, width=width) as seen:
            seen.settled()
            assert "owned" not in seen.page.title()
            assert seen.errors == [] and seen.outside == []
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
            assert html.unescape(seen.page.inner_text("#now")).count("Ratios by ethnicity") == 1
            assert len(seen.page.query_selector_all(".plot svg text")) > 0


def test_a_csv_never_holds_a_formula() -> None:
    written = rows_as_csv(pl.DataFrame({"label": [FORMULA, "+1", "-2", "@x", "White"], "n": [-1.0, 2, 3, 4, 5]}))
    assert [line.split(",")[0][:2].strip('"') for line in written.splitlines()[1:]] == ["'", "'+", "'-", "'@", "Wh"]
    assert "-1.0" in written  # because a number stays a number


def test_nothing_held_is_said_and_is_not_an_empty_page(tmp_path: Path, visit: Open) -> None:
    site = site_of(holding([]), tmp_path)
    assert not list(site.glob("prison-population-*.html"))
    with visit(site / "index.html") as seen:
        assert "No figures are held yet" in seen.page.inner_text("main")
        assert seen.errors == [] and seen.failed == []


def test_one_group_is_enough_for_a_page(tmp_path: Path, visit: Open) -> None:
    site = site_of(holding([row("Black")]), tmp_path)
    with visit(site / "prison-population-ethnicity.html") as seen:
        seen.settled()
        assert "2.00 times as likely" in seen.page.inner_text("main")
        assert seen.errors == []


def test_where_everything_is_suppressed_the_page_says_why_and_draws_no_zero(tmp_path: Path, visit: Open) -> None:
    nothing = dict.fromkeys(
        ["count", "rate", "ratio", "ratio_low", "ratio_high", "bound_low", "bound_high", "share", "band"]
    )
    why = "The publisher suppressed this number."
    rows = [row(c, **nothing, status="withheld", reason=why) for c in ("Asian", "Black", "White")]
    site = site_of(holding(rows), tmp_path)
    with visit(site / "prison-population-ethnicity.html") as seen:
        seen.settled()
        words = seen.page.inner_text("main")
        assert why in words
        assert seen.page.inner_text("#now .plot").count("not shown") >= 3
        assert "0.00" not in words and "0.0%" not in words
        assert seen.errors == []


def test_the_old_site_stays_when_a_new_one_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = holding([row("Black")])
    site = site_of(held, tmp_path)
    before = {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    from dashboards import site as room

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(room, "_write", broken)
    with pytest.raises(OSError, match="no space"):
        site_of(replace(held), tmp_path)
    assert {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["site"], "nothing half-made is left behind"


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    held = holding([row("Black"), row("White", ratio=1.0), row("Asian", ratio=0.5, ratio_low=0.4, ratio_high=0.6)])
    one, other = site_of(held, tmp_path / "one"), site_of(held, tmp_path / "other")
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    assert [f for f in files if (one / f).read_bytes() != (other / f).read_bytes()] == []
