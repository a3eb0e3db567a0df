"""Rooms are named for geometry and meaning: no source is named in code, and each power lives in one place."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from source_rules import (
    PACKAGES,
    ROOT,
    clock_offences,
    import_offences,
    machine_offences,
    project_texts,
    publisher_offences,
    python_files,
    slug_offences,
    slugs,
    undocumented,
    wording_offences,
)

NETWORK = ("requests", "urllib.request", "urllib3", "http.client", "socket", "smtplib", "ftplib")
TOUCHES_NETWORK = ("pipelines/look", "pipelines/fetch", "monitor/notify/channels")
NAMES_PUBLISHERS = ("pipelines/look", "pipelines/fetch")
OPENS_DATABASES = ("monitor/store", "expectations")
IMPORTS_GREAT_EXPECTATIONS = ("expectations/judge",)
ASKS_THE_TIME = ("monitor/clock",)
INITIALS = "B" + "AME"


def offences(rule: Callable[[str], list[str]], except_in: tuple[str, ...] = ()) -> list[str]:
    """Every offence in the four packages as `file: offence`, leaving out the rooms or modules named."""
    found = []
    for path in python_files():
        name = path.relative_to(ROOT).as_posix()
        if not any(name == f"{place}.py" or name.startswith(f"{place}/") for place in except_in):
            found += [f"{name}: {offence}" for offence in rule(path.read_text("utf-8"))]
    return found


def test_no_publication_or_baseline_is_named_in_code() -> None:
    declared = slugs()
    assert declared, "expected declarations in pipelines/publications and pipelines/baselines; found none"
    assert offences(partial(slug_offences, names=declared)) == []


def test_no_publisher_is_named_in_code_outside_look_and_fetch() -> None:
    assert offences(publisher_offences, except_in=NAMES_PUBLISHERS) == []


def test_only_the_store_and_the_judge_open_databases() -> None:
    assert offences(partial(import_offences, modules=("duckdb", "duckdb_engine")), except_in=OPENS_DATABASES) == []


def test_only_the_judge_imports_great_expectations() -> None:
    rule = partial(import_offences, modules=("great_expectations",))
    assert offences(rule, except_in=IMPORTS_GREAT_EXPECTATIONS) == []


def test_only_look_fetch_and_deliver_touch_the_network() -> None:
    assert offences(partial(import_offences, modules=NETWORK), except_in=TOUCHES_NETWORK) == []


def test_only_the_clock_asks_the_time() -> None:
    assert offences(clock_offences, except_in=ASKS_THE_TIME) == []


def test_everything_public_says_what_it_does() -> None:
    assert offences(undocumented) == []


@pytest.mark.parametrize("path", project_texts(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_words_are_those_of_the_style_guide_and_paths_are_nobodys(path: Path) -> None:
    text = path.read_text("utf-8")
    assert wording_offences(text, path.suffix) == []
    assert machine_offences(text) == []


def test_the_rooms_looked_at_are_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in python_files()} == set(PACKAGES)


class TestThatEachRuleCanFail:
    """A rule that cannot catch anything keeps nothing."""

    NAMES = frozenset({"some-series", "arrests"})

    @pytest.mark.parametrize(
        "source",
        [
            'if slug == "some-series": pass',
            "# because some-series is odd",
            'read["arrests"]',
            'f("arrests/2019.csv")',
        ],
    )
    def test_a_publication_named(self, source: str) -> None:
        assert slug_offences(source, self.NAMES) != []

    @pytest.mark.parametrize(
        "source",
        ['counts = "events"  # arrests repeat', '"""Of some-series-like tables."""', 'say("3 arrests")'],
    )
    def test_but_not_an_english_word_or_another_slug(self, source: str) -> None:
        assert slug_offences(source, self.NAMES) == []

    @pytest.mark.parametrize("source", ['u = "https://www.gov.uk/x"', 'f"by the {x} Home Office"', 'a = "ONS 2021"'])
    def test_a_publisher_named(self, source: str) -> None:
        assert publisher_offences(source) != []

    @pytest.mark.parametrize(
        "source", ['"""Byar, after an ONS paper."""', 'a = "questions"', 'b = "JUSTICE_MONITOR_ONS"']
    )
    def test_but_not_a_citation_in_a_docstring_or_a_setting(self, source: str) -> None:
        assert publisher_offences(source) == []

    @pytest.mark.parametrize("source", ["import duckdb", "def f():\n    from duckdb import connect", "import duckdb.x"])
    def test_a_database_imported_at_any_depth(self, source: str) -> None:
        assert import_offences(source, ["duckdb"]) != []

    @pytest.mark.parametrize(
        "source",
        ["dt.datetime.now(tz)", "date.today()", "import time\ntime.time()", 'q = "select current_date"'],
    )
    def test_the_time_asked(self, source: str) -> None:
        assert clock_offences(source) != []

    @pytest.mark.parametrize("source", ["clock.now()", "time.perf_counter()", "datetime.fromisoformat(s)"])
    def test_but_not_the_clock_room_or_a_timer(self, source: str) -> None:
        assert clock_offences(source) == []

    def test_a_public_function_without_a_docstring(self) -> None:
        source = '"""M."""\nclass A:\n    """A."""\n    def b(self): ...\n    def _c(self): ...\n'
        assert undocumented(source) == ["line 4: A.b"]

    @pytest.mark.parametrize(
        ("text", "suffix"),
        [
            (f"{INITIALS} people", ".md"),
            ("non-" + "White groups", ".md"),
            (f"# for {INITIALS} groups\n", ".py"),
            (f"note\n{INITIALS}\n", ".csv"),
        ],
    )
    def test_wording(self, text: str, suffix: str) -> None:
        assert wording_offences(text, suffix) != []

    @pytest.mark.parametrize(
        ("text", "suffix"),
        [(f"the table says “{INITIALS}”", ".md"), (f"spelling,category\n{INITIALS},Other\n", ".csv")],
    )
    def test_but_not_a_quotation_or_a_label(self, text: str, suffix: str) -> None:
        assert wording_offences(text, suffix) == []

    def test_a_path_of_one_machine(self) -> None:
        assert machine_offences("open('" + "/home" + "/ann/x.csv')") != []
        assert machine_offences("open('../shared/x.csv') # https://x.org/work/a") == []
