"""Population sources: a data set's latest version, and a query that is served in pages."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.fetch import Failed, Finding
from pipelines.look import nomis, ons

SHARED = Path(__file__).resolve().parents[4] / "shared" / "interfaces"
recorded = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/interfaces beside the checkout")


@recorded
def test_the_latest_version_and_its_file() -> None:
    findings: list[Finding] = []
    latest = ons.read_dataset((SHARED / "ons/TS021.dataset.transcribed.json").read_bytes(), "d", findings)
    assert latest == "https://api.beta.ons.gov.uk/v1/datasets/TS021/editions/2021/versions/3"
    body = (SHARED / "ons/TS021.version3.transcribed.json").read_bytes()
    version = ons.read_version(body, latest, findings)
    assert version is not None
    assert (version.edition, str(version.published_on)) == ("2021", "2023-03-28")
    assert version.file is not None
    assert (version.file.name, version.file.title, version.file.size) == ("TS021.csv", "TS021.csv version 3", 490650)
    assert version.file.url.endswith("/TS021/editions/2021/versions/3.csv")
    assert findings == []


@recorded
@pytest.mark.parametrize("example", ["example2", "example3"])
def test_a_custom_table_is_rows_of_codes(example: str) -> None:
    findings: list[Finding] = []
    table = ons.read_observations((SHARED / f"ons/census-observations.{example}.json").read_bytes(), "t", findings)
    assert table is not None
    assert table.dimensions == ("ltla", "resident_age_7b")
    assert table.rows[0] == ("E06000001", "Hartlepool", "1", "Aged 64 years and under", "57326")


def test_blocked_areas_are_never_silent() -> None:
    body = {"observations": [], "blocked_areas": 4, "total_areas": 318, "total_observations": 0}
    findings: list[Finding] = []
    table = ons.read_observations(json.dumps(body).encode(), "t", findings)
    assert table is not None
    assert [(f.check, f.found) for f in findings] == [
        ("blocked_areas", "4 of 318 areas withheld by disclosure control")
    ]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"version": 1, "downloads": {}}', b'{"version": 1, "downloads": []}']
)
def test_a_version_that_is_none_is_a_finding(body: bytes) -> None:
    findings: list[Finding] = []
    version = ons.read_version(body, "v", findings)
    assert version is None or version.file is None
    assert findings != []


COLUMNS = ("DATE_NAME", "C_ETH_CODE", "OBS_VALUE", "RECORD_OFFSET", "RECORD_COUNT")
URL = nomis.query_url("dataset/NM_1_1.data.csv?date=latest&geography=1&measures=20100")


def service(
    rows: int, limit: int, spoil: Callable[[list[list[str]]], object] = lambda rows: None
) -> Callable[[str], bytes]:
    """A service of so many rows that gives at most `limit` a query, as the real one does, without saying so."""

    def ask(url: str) -> bytes:
        offset = int(url.partition("recordoffset=")[2] or 0)
        page = [["2021", f"_{n}", str(n * 10), str(n), str(rows)] for n in range(offset, min(rows, offset + limit))]
        spoil(page)
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerows([COLUMNS, *page])
        return out.getvalue().encode()

    return ask


@pytest.mark.parametrize(("rows", "limit"), [(1, 10), (10, 10), (11, 10), (95, 10)])
def test_pages_are_asked_for_until_the_last_row(rows: int, limit: int) -> None:
    table = list(csv.DictReader(io.StringIO(nomis.whole_table(URL, service(rows, limit)).decode())))
    assert [row["C_ETH_CODE"] for row in table] == [f"_{n}" for n in range(rows)]


def cut(rows: list[list[str]]) -> None:
    del rows[3:]


def shift(rows: list[list[str]]) -> None:
    for row in rows:
        row[3] = str(int(row[3]) + 1)


def grow(rows: list[list[str]]) -> None:
    for n, row in enumerate(rows):
        row[4] = str(100 + int(row[3]) // 10 + n)


def empty(rows: list[list[str]]) -> None:
    rows.clear()


def short(rows: list[list[str]]) -> None:
    rows[-1] = rows[-1][:2]


@pytest.mark.parametrize("spoil", [shift, grow, empty, short])
def test_a_table_that_is_not_whole_is_refused(spoil: Callable[[list[list[str]]], None]) -> None:
    with pytest.raises(Failed) as refused:
        nomis.whole_table(URL, service(95, 10, spoil))
    assert refused.value.finding.where.startswith(URL)


def test_a_service_that_gives_less_than_it_might_is_asked_on() -> None:
    assert nomis.whole_table(URL, service(20, 10, cut)).count(b"\n") == 21


@pytest.mark.parametrize("body", [b"", b"<html>", b'"A","B"\n1,2\n', b"\xff\xfe"])
def test_what_is_no_table_is_refused(body: bytes) -> None:
    with pytest.raises(Failed):
        nomis.whole_table(URL, lambda url: body)


@recorded
@pytest.mark.parametrize(
    ("file", "dataset", "rows"),
    [("NM_2041_1_TS021_E02002330.csv", "NM_1_1", 19), ("NM_2132_1_RM032_E02002330.first30of190.csv", "NM_1_1", 190)],
)
def test_the_first_row_says_how_many_there_are(file: str, dataset: str, rows: int) -> None:
    table = nomis.first_row(URL, (SHARED / "nomis" / file).read_bytes())
    assert (table.dataset, table.date, table.rows) == (dataset, "2021", rows)


@recorded
def test_the_recorded_whole_table_is_taken_and_the_cut_one_is_not() -> None:
    whole = (SHARED / "nomis/NM_2041_1_TS021_E02002330.csv").read_bytes()
    assert nomis.whole_table(URL, lambda url: whole).count(b"\n") == 20
    first30 = (SHARED / "nomis/NM_2132_1_RM032_E02002330.first30of190.csv").read_bytes()
    with pytest.raises(Failed):
        nomis.whole_table(URL, lambda url: first30)
