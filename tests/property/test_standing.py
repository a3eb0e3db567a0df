"""Which file of an edition stands: the register, `diff`, vintages and loading give one answer, whatever happened.

Files come, are corrected under their name or another, at their address or a new one, leave the page and are added by
hand; what the rule says is stored, and everybody is asked.
"""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.settings import home
from monitor.store import reads
from monitor.store.database import Writer, stage
from monitor.store.schema import frame_schema
from monitor.watch.register.held import editions
from pipelines.editions import supersessions
from pipelines.vintages import states
from tests.register.editions import Made, by_ethnicity, by_sex, observed

SHEETS = {"sex": by_sex("31 March 2024"), "groups": by_ethnicity("31 March 2024"), "more": by_sex("2024", number="9")}
MOMENTS = [dt.datetime(2024, 4, day, 9, 30) for day in range(1, 7)]
FILE = st.tuples(
    st.sampled_from(["a.xlsx", "b.xlsx"]),
    st.sampled_from([None, "/1", "/2", "/3"]),  # none: added by hand
    st.sets(st.sampled_from(list(SHEETS)), min_size=1),
    st.integers(0, 4),
    st.none() | st.integers(1, 5),  # how long after it came it left the page
)


def history(drawn: list[tuple[Any, ...]]) -> list[Made]:
    files = []
    for n, (name, url, sheets, at, left) in enumerate(drawn):
        seen = MOMENTS[at]
        gone = None if left is None or url is None else min(seen + dt.timedelta(days=left), MOMENTS[-1])
        listed = None if url is None else gone is None
        known = {"url": url, "listed": listed, "left_at": gone, "sha256": f"file {n}", "original_sha256": f"file {n}"}
        made = {s: [[f"{SHEETS[s][0][0]}"], *SHEETS[s][1:], [f"file {n}"]] for s in sorted(sheets)}
        files.append(Made("2024-03", made, "2024-04-01", name=name, seen=seen.isoformat(), more=known))
    return files


@given(st.lists(FILE, min_size=1, max_size=5))
@example([("a.xlsx", "/1", {"sex"}, 0, None), ("a.xlsx", "/2", {"sex"}, 3, 1)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_gives_one_answer_at_every_moment(tmp_path_factory: pytest.TempPathFactory, drawn: list) -> None:
    place = tmp_path_factory.mktemp("standing")
    frames = observed(history(drawn))
    figures = pl.DataFrame(schema=frame_schema("figure"))
    gone = supersessions(frames["artefact"], figures, frames["surveyed_table"])
    with Writer(home(place)) as store:
        store.load(stage(place / "staging.duckdb", frames), {"supersession": gone}, [])
        moments = [s.seen_at for each in states(store) for s in each]
        assert set(frames["artefact"]["seen_at"]) <= set(moments)
        for moment in moments:
            known = reads.Known(seen_by=moment)
            vintage = set(reads.state_of(store, "custody", "2024-03", known)["artefact"]["sha256"])
            inspected = [reads.inspected(store, t, known) for t in ("surveyed_table", "breakdown")]
            (edition,) = editions(
                reads.artefacts(store, known), *inspected, as_of=moment.date(), known_at=moment,
                superseded=reads.superseded(store, known),
            )["custody"]  # fmt: skip
            assert {f.sha256 for f in edition.files} == vintage
            assert vintage == set(reads.surveyed_tables(store, known)["artefact_sha256"])
            assert vintage, "an edition of which files are held never stands empty"


@given(st.lists(FILE, min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_what_a_page_lists_stands_unless_its_address_gave_something_later(drawn: list) -> None:
    frames = observed(history(drawn))
    gone = supersessions(frames["artefact"], pl.DataFrame(schema=frame_schema("figure")), frames["surveyed_table"])
    rows = frames["artefact"].to_dicts()
    past = set(gone["artefact_sha256"])
    for row in rows:
        if row["listed"] and row["sha256"] in past:
            later = [r for r in rows if r["seen_at"] > row["seen_at"]]
            assert any(r["url"] == row["url"] or r["listed"] is not True for r in later)
        if row["listed"] is False and row["sha256"] not in past:
            assert not any(r["listed"] for r in rows), "what left the page stands only where the page lists nothing"
